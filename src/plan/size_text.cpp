#include "plan/size_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace acestep::plan {

double to_gib(uint64_t bytes) { return static_cast<double>(bytes) / kBytesPerGib; }

uint64_t to_bytes(double gib) {
  return static_cast<uint64_t>(std::llround(std::max(0.0, gib) * kBytesPerGib));
}

std::string number_text(double gib) {
  char digits[64];
  std::snprintf(digits, sizeof(digits), "%.2f", gib);
  std::string text = digits;
  if (text.ends_with('0')) text.pop_back();
  return text;
}

std::string size_text(double gib) { return number_text(gib) + " GB"; }

std::string bound_text(double gib) {
  const std::string text = number_text(gib);
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

}  // namespace acestep::plan
