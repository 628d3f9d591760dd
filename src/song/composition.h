// What a song is to be, in words and codes: the request after the language model has filled its
// gaps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace acestep::song {

struct Metadata {
  std::optional<int64_t> bpm;
  std::string keyscale;            // empty: not stated
  std::string timesignature;       // empty: not stated
  std::optional<double> duration;  // seconds, as stated in the prompt; absent: not stated
};

struct Composition {
  Metadata metadata;
  std::string caption;
  std::string lyrics;
  std::string language;
  std::vector<int64_t> audio_codes;  // 5 per second; empty: the DiT composes freely
};

}  // namespace acestep::song
