// The pages that an Ogg file is made of.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace acestep::audio {

struct OggPage {
  std::size_t begin = 0;  // of its header, in the file
  std::size_t header_bytes = 0;
  std::size_t body_bytes = 0;

  std::size_t end() const { return begin + header_bytes + body_bytes; }
};

// The whole pages that `file` begins with; whatever stands behind the last of them is no page or
// one that breaks off. Checksums are not looked at.
std::vector<OggPage> ogg_pages(std::span<const std::byte> file);

// Does the page close its stream?
bool ends_stream(std::span<const std::byte> file, const OggPage& page);

}  // namespace acestep::audio
