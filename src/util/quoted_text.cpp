#include "util/quoted_text.h"

#include <algorithm>
#include <cstddef>

namespace acestep::util {
namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// Bytes of the character that starts with `lead`; 0: no character starts so.
size_t sequence_bytes(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// The second byte tells overlong forms, surrogates and values above U+10FFFF.
bool second_byte_fits(unsigned char lead, unsigned char second) {
  if (lead == 0xE0) return second >= 0xA0;
  if (lead == 0xED) return second <= 0x9F;
  if (lead == 0xF0) return second >= 0x90;
  if (lead == 0xF4) return second <= 0x8F;
  return true;
}

}  // namespace

bool is_utf8(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t bytes = sequence_bytes(lead);
    if (bytes == 0 || at + bytes > text.size()) return false;
    for (size_t i = 1; i < bytes; ++i) {
      if (!is_continuation(text[at + i])) return false;
    }
    if (bytes > 1 && !second_byte_fits(lead, static_cast<unsigned char>(text[at + 1])))
      return false;
    at += bytes;
  }
  return true;
}

std::string in_quotes(std::string_view text) {
  constexpr size_t kShownBytes = 60;
  size_t end = std::min(text.size(), kShownBytes);
  while (end < text.size() && end > 0 && is_continuation(text[end])) --end;
  std::string result = "'";
  result.append(text.substr(0, end));
  return result.append(end < text.size() ? "…'" : "'");
}

}  // namespace acestep::util
