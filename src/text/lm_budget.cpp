#include "text/lm_budget.h"

#include <algorithm>
#include <cmath>

#include "util/error.h"

namespace acestep::text {
namespace {

// All from the reference: llm_inference.py _compute_max_new_tokens, constants.py DURATION_*.
constexpr double kCodesPerSecond = 5.0;
constexpr double kShortestSeconds = 10.0;
constexpr double kLongestSeconds = 600.0;
constexpr int64_t kRoomBesideCodes = 10;
constexpr int64_t kRoomForText = 500;
constexpr int64_t kRoomAtModelLimit = 64;

bool is_known(std::optional<double> duration_seconds) {
  return duration_seconds && *duration_seconds > 0.0;
}

double within_limits(double seconds, const LmLimits& limits) {
  const double longest = std::min(limits.max_duration_seconds, kLongestSeconds);
  return std::max(kShortestSeconds, std::min(longest, seconds));
}

int64_t codes_of(double seconds) {
  constexpr double kTooMany = 1e15;
  ACE_CHECK(seconds * kCodesPerSecond < kTooMany);
  return static_cast<int64_t>(seconds * kCodesPerSecond);  // truncated, as in the reference
}

int64_t wanted_tokens(const LmTokenRequest& request, const LmLimits& limits) {
  if (is_known(request.duration_seconds)) {
    const bool is_codes = request.phase == LmPhase::kCodes;
    const int64_t codes = codes_of(within_limits(*request.duration_seconds, limits));
    return codes + (is_codes ? kRoomBesideCodes : kRoomForText);
  }
  const int64_t model_limit = limits.max_model_tokens - kRoomAtModelLimit;
  return std::min(request.fallback_tokens.value_or(model_limit),
                  codes_of(kLongestSeconds) + kRoomForText);
}

}  // namespace

int64_t max_new_tokens(const LmTokenRequest& request, const LmLimits& limits) {
  return std::min(wanted_tokens(request, limits), limits.max_model_tokens - kRoomAtModelLimit);
}

std::optional<int64_t> target_codes(std::optional<double> duration_seconds) {
  if (!is_known(duration_seconds)) return std::nullopt;
  return codes_of(*duration_seconds);
}

}  // namespace acestep::text
