// The text that an audio file carries.
#pragma once

#include <string>

namespace acestep::audio {

// UTF-8, without NUL. Empty fields are not written.
struct Tags {
  std::string title{};     // up to 2000 bytes fit into every format
  std::string software{};  // libsndfile appends its own name and version, but for MP3
  std::string comment{};   // the record of how the song was made
};

}  // namespace acestep::audio
