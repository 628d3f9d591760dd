#include "plan/vram_limit.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "plan/size_text.h"
#include "request/text.h"

namespace acestep::plan {
namespace {

// A CUDA context takes about this much of a card (reference: gpu_config.py).
constexpr double kContextGib = 0.5;
constexpr double kLeastCapGib = 0.5;

}  // namespace

std::optional<double> read_vram_limit(std::string_view text) {
  text = request::trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double gib = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), gib);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (!is_number || !std::isfinite(gib) || gib <= 0) return std::nullopt;
  return gib;
}

std::string vram_limit_warning(std::string_view text) {
  return "MAX_CUDA_VRAM = " + request::in_quotes(text) +
         " is ignored: the size of a card in GB is a number above 0";
}

uint64_t capped_bytes(double gib) { return to_bytes(std::max(kLeastCapGib, gib - kContextGib)); }

uint64_t usable_bytes(const MemoryCounters& counters, std::optional<uint64_t> cap_bytes) {
  const uint64_t held = counters.reserved - std::min(counters.reserved, counters.allocated);
  const uint64_t free = counters.driver_free + held;
  if (!cap_bytes) return free;
  return std::min(free, *cap_bytes - std::min(*cap_bytes, counters.allocated));
}

}  // namespace acestep::plan
