// The tag in front of an MP3 file.
#pragma once

#include <cstddef>
#include <vector>

#include "audio/tags.h"

namespace acestep::audio {

// ID3v2.4 with text in UTF-8: libsndfile and LAME would store Latin-1, which loses everything that
// is not West European. Empty when there is no text. Together below 256 MiB.
std::vector<std::byte> make_id3_tag(const Tags& tags);

}  // namespace acestep::audio
