// Builders of model files, whole and damaged, byte by byte.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "util/split_mix.h"

namespace acestep::testing {

inline std::span<const std::byte> as_span(std::string_view text) {
  return std::as_bytes(std::span(text));
}

// `bytes` little-endian bytes of `value`.
inline std::string little_endian(uint64_t value, size_t bytes) {
  std::string out;
  for (size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

inline std::string safetensors(std::string_view header, size_t data_bytes = 0) {
  return little_endian(header.size(), 8) + std::string(header) + std::string(data_bytes, '\1');
}

// Bytes that mean something to one of the formats.
inline constexpr std::string_view kTelling("\0\xff\x7f\x80{}[]\",:09.e-(tR", 19);

// One of the changes that break parsers: flipped bits, extreme bytes, cuts, repeats and grown
// numbers, all within the first `reach` bytes.
inline std::string mutate(std::string text, size_t reach, util::SplitMix& random) {
  const uint64_t changes = 1 + random.below(4);
  for (uint64_t i = 0; i < changes && !text.empty(); ++i) {
    const size_t limit = std::min(reach, text.size());
    const size_t place = random.below(limit);
    const size_t length = std::min<size_t>(1 + random.below(24), text.size() - place);
    switch (random.below(8)) {
      case 0:
        text[place] = static_cast<char>(text[place] ^ (1 << random.below(8)));
        break;
      case 1:
        text[place] = static_cast<char>(random.next());
        break;
      case 2:
        text[place] = kTelling[random.below(kTelling.size())];
        break;
      case 3:
        text.erase(place, length);
        break;
      case 4:
        text.insert(place, text.substr(place, length));
        break;
      case 5:
        text.resize(place);
        break;
      case 6:
        text.insert(place, std::to_string(random.next()));
        break;
      default:
        text.replace(place, length, text.substr(random.below(limit), length));
        break;
    }
  }
  return text;
}

}  // namespace acestep::testing
