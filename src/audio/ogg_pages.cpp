#include "audio/ogg_pages.h"

#include <cstring>
#include <string_view>

namespace acestep::audio {
namespace {

// Places in a page's header (RFC 3533, section 6).
constexpr std::string_view kCapture = "OggS";
constexpr std::size_t kFlagsOffset = 5;
constexpr std::size_t kSegmentCountOffset = 26;
constexpr std::size_t kFixedHeaderBytes = 27;
constexpr unsigned char kEndOfStream = 0x04;

unsigned char byte_at(std::span<const std::byte> file, std::size_t offset) {
  return std::to_integer<unsigned char>(file[offset]);
}

}  // namespace

std::vector<OggPage> ogg_pages(std::span<const std::byte> file) {
  std::vector<OggPage> pages;
  std::size_t begin = 0;
  while (file.size() - begin >= kFixedHeaderBytes) {
    if (std::memcmp(file.data() + begin, kCapture.data(), kCapture.size()) != 0) break;
    OggPage page{begin, kFixedHeaderBytes + byte_at(file, begin + kSegmentCountOffset), 0};
    if (file.size() < page.end()) break;
    for (std::size_t i = begin + kFixedHeaderBytes; i < begin + page.header_bytes; ++i) {
      page.body_bytes += byte_at(file, i);
    }
    if (file.size() < page.end()) break;
    pages.push_back(page);
    begin = page.end();
  }
  return pages;
}

bool ends_stream(std::span<const std::byte> file, const OggPage& page) {
  return (byte_at(file, page.begin + kFlagsOffset) & kEndOfStream) != 0;
}

}  // namespace acestep::audio
