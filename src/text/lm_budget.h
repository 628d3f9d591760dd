// How many tokens the language model may write, and how many audio codes it must.
#pragma once

#include <cstdint>
#include <optional>

#include "text/lm_prompt.h"

namespace acestep::text {

// The limits in force for a run.
struct LmLimits {
  double max_duration_seconds = 600.0;  // the tier's limit with a language model
  int64_t max_model_tokens = 4096;      // prompt and answer together
};

struct LmTokenRequest {
  std::optional<double> duration_seconds;  // missing or <= 0: unknown
  LmPhase phase = LmPhase::kCot;
  std::optional<int64_t>
      fallback_tokens;  // where the duration is unknown; missing: the model's limit
};

// New tokens allowed: the codes of the duration (kept within 10 s and the limit) and room for the
// text of the phase; never beyond the model's limit.
int64_t max_new_tokens(const LmTokenRequest& request, const LmLimits& limits);

// Audio codes of a duration, five per second, rounded down; empty where it is unknown. No limit
// applies: it is the limits that give way to a duration (docs/PARITY.md).
std::optional<int64_t> target_codes(std::optional<double> duration_seconds);

}  // namespace acestep::text
