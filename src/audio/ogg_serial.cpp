#include "audio/ogg_serial.h"

#include <ogg/ogg.h>

#include <cstdint>
#include <cstring>
#include <numeric>
#include <string_view>
#include <vector>

#include "util/crc32.h"
#include "util/error.h"

namespace acestep::audio {
namespace {

// Places in a page's header (RFC 3533, section 6).
constexpr std::size_t kSerialOffset = 14;
constexpr std::size_t kChecksumOffset = 22;
constexpr std::size_t kSegmentCountOffset = 26;
constexpr std::size_t kFixedHeaderBytes = 27;

void put_uint32(unsigned char* place, uint32_t number) {
  for (int i = 0; i < 4; ++i) place[i] = static_cast<unsigned char>(number >> (8 * i));
}

std::vector<ogg_page> pages_of(std::span<std::byte> file) {
  constexpr std::string_view kCapture = "OggS";
  std::vector<ogg_page> pages;
  while (!file.empty()) {
    ACE_CHECK(file.size() >= kFixedHeaderBytes);
    auto* header = reinterpret_cast<unsigned char*>(file.data());
    ACE_CHECK(std::memcmp(header, kCapture.data(), kCapture.size()) == 0);
    const std::size_t header_bytes = kFixedHeaderBytes + header[kSegmentCountOffset];
    ACE_CHECK(file.size() >= header_bytes);
    const std::size_t body_bytes =
        std::accumulate(header + kFixedHeaderBytes, header + header_bytes, std::size_t{0});
    ACE_CHECK(file.size() >= header_bytes + body_bytes);
    pages.push_back({header, static_cast<long>(header_bytes), header + header_bytes,
                     static_cast<long>(body_bytes)});
    file = file.subspan(header_bytes + body_bytes);
  }
  return pages;
}

}  // namespace

void fix_ogg_serial(std::span<std::byte> file) {
  std::vector<ogg_page> pages = pages_of(file);
  for (const ogg_page& page : pages) {
    put_uint32(page.header + kSerialOffset, 0);
    put_uint32(page.header + kChecksumOffset, 0);
  }
  const uint32_t serial = util::crc32(file);
  for (ogg_page& page : pages) {
    put_uint32(page.header + kSerialOffset, serial);
    ogg_page_checksum_set(&page);
  }
}

}  // namespace acestep::audio
