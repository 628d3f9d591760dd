// The CRC-32 of zip archives (polynomial 0xEDB88320, reflected).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace acestep::util {

uint32_t crc32(std::span<const std::byte> bytes);

}  // namespace acestep::util
