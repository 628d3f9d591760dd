// A chart of the most memory that each stage took, by size of card, under the size's cap.
#pragma once

#include <string>
#include <vector>

#include "profile/tier_record.h"

namespace acestep::profile {

// SVG. One group of bars per default run, one bar per stage (one for all where stages are not
// known), a line for the cap, "failed" under runs that did not finish.
std::string memory_chart(const std::vector<TierRecord>& records);

}  // namespace acestep::profile
