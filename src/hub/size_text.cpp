#include "hub/size_text.h"

#include <array>
#include <cstdio>

namespace acestep::hub {

std::string size_text(uint64_t bytes) {
  if (bytes == 1) return "1 byte";
  if (bytes < 1000) return std::to_string(bytes) + " bytes";
  constexpr std::array<const char*, 4> kUnits = {"kB", "MB", "GB", "TB"};
  constexpr double kRoundsUpToNext = 999.5;
  double number = static_cast<double>(bytes) / 1000.0;
  size_t unit = 0;
  while (number >= kRoundsUpToNext && unit + 1 < kUnits.size()) {
    number /= 1000.0;
    ++unit;
  }
  const int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  char text[40];
  std::snprintf(text, sizeof text, "%.*f %s", decimals, number, kUnits[unit]);
  return text;
}

}  // namespace acestep::hub
