// Sizes of the 5 Hz language models by their names, and the best one of those on disk.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/tier.h"

namespace acestep::plan {

// "0.6B"
std::string_view size_name(LmSize size);
// "acestep-5Hz-lm-0.6B"
std::string lm_name(LmSize size);

// By the first of 0.6B, 1.7B and 4B found in the name; 0.6B for names that tell none, as the
// reference reads them.
LmSize lm_size_of(std::string_view name);

// `wanted` itself; else the longest name of its size, a later version of it; else the first on
// disk. Absent when there is none. An empty `wanted` is of no size.
std::optional<std::string> best_lm_on_disk(const std::string& wanted,
                                           const std::vector<std::string>& on_disk);

// Those that the tier allows, in their order.
std::vector<std::string> allowed_lms(const Tier& tier, const std::vector<std::string>& on_disk);

}  // namespace acestep::plan
