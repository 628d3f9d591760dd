#include "audio/ogg_serial.h"

#include <ogg/ogg.h>

#include <cstdint>
#include <vector>

#include "audio/ogg_pages.h"
#include "util/crc32.h"
#include "util/error.h"

namespace acestep::audio {
namespace {

// Places in a page's header (RFC 3533, section 6).
constexpr std::size_t kSerialOffset = 14;
constexpr std::size_t kChecksumOffset = 22;

void put_uint32(std::span<std::byte> place, uint32_t number) {
  for (std::size_t i = 0; i < 4; ++i) place[i] = static_cast<std::byte>(number >> (8 * i));
}

void renew_checksum(std::span<std::byte> file, const OggPage& page) {
  auto* header = reinterpret_cast<unsigned char*>(file.data() + page.begin);
  ogg_page whole{header, static_cast<long>(page.header_bytes), header + page.header_bytes,
                 static_cast<long>(page.body_bytes)};
  ogg_page_checksum_set(&whole);
}

}  // namespace

void fix_ogg_serial(std::span<std::byte> file) {
  const std::vector<OggPage> pages = ogg_pages(file);
  ACE_CHECK(!pages.empty() && pages.back().end() == file.size());
  for (const OggPage& page : pages) {
    put_uint32(file.subspan(page.begin + kSerialOffset), 0);
    put_uint32(file.subspan(page.begin + kChecksumOffset), 0);
  }
  const uint32_t serial = util::crc32(file);
  for (const OggPage& page : pages) {
    put_uint32(file.subspan(page.begin + kSerialOffset), serial);
    renew_checksum(file, page);
  }
}

}  // namespace acestep::audio
