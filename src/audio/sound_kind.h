// What is told about the file around a sound.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace acestep::audio {

// "FLAC, 16 bit", "WAV, 32-bit float", "MP3", "Ogg Opus"; libsndfile's own words for rarer kinds.
std::string sound_kind_name(int sndfile_format);

// Does the file end before its container says: a WAV shorter than its header states, an Ogg stream
// without its last page. False for other kinds, whose headers state the frames.
bool container_breaks_off(std::span<const std::byte> file);

}  // namespace acestep::audio
