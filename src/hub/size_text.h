// Numbers of bytes as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace acestep::hub {

// "4.79 GB", "338 MB", "1.4 kB", "12 bytes": powers of ten, three digits.
std::string size_text(uint64_t bytes);

}  // namespace acestep::hub
