#include "util/crc32.h"

#include <array>

namespace acestep::util {
namespace {

constexpr std::array<uint32_t, 256> make_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value & 1) != 0 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
    }
    table[i] = value;
  }
  return table;
}

constexpr std::array<uint32_t, 256> kTable = make_table();

}  // namespace

uint32_t crc32(std::span<const std::byte> bytes) {
  uint32_t value = 0xFFFFFFFFU;
  for (const std::byte byte : bytes) {
    value = kTable[(value ^ std::to_integer<uint32_t>(byte)) & 0xFF] ^ (value >> 8);
  }
  return value ^ 0xFFFFFFFFU;
}

}  // namespace acestep::util
