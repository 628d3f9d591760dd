// Two tier tests against each other: what got worse since the earlier one.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "profile/tier_record.h"

namespace acestep::profile {

// A peak that grew by no more is the allocator's mood.
inline constexpr double kAllowedPeakGrowth = 0.05;
// From here on a slower run is worth a line; time depends on what else the machine does.
inline constexpr double kNotedSlowdown = 0.25;

struct Comparison {
  std::vector<std::string> regressions;  // fails now, or its peak grew by more than allowed
  std::vector<std::string> notes;        // slower, better, or without a counterpart

  bool is_worse() const { return !regressions.empty(); }
};

// Runs are the same if size, variant, number of songs, their length and the use of a language model
// are.
Comparison compare(const std::vector<TierRecord>& earlier, const std::vector<TierRecord>& now);

std::string comparison_text(const Comparison& comparison);
nlohmann::json comparison_json(const Comparison& comparison);

}  // namespace acestep::profile
