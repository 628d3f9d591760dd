// Makes Ogg files repeatable.
#pragma once

#include <cstddef>
#include <span>

namespace acestep::audio {

// Replaces the random serial number that libsndfile gives an Ogg stream by one derived from the
// stream's content, and renews every page's checksum. file: whole pages of one stream, else Error
// kInternal.
void fix_ogg_serial(std::span<std::byte> file);

}  // namespace acestep::audio
