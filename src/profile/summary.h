// The runs of a tier test as a table.
#pragma once

#include <string>
#include <vector>

#include "profile/tier_record.h"

namespace acestep::profile {

// Rows of cells, the heading first.
std::vector<std::vector<std::string>> summary_cells(const std::vector<TierRecord>& records);

// "15 runs, 13 passed, 2 failed"
std::string summary_count(const std::vector<TierRecord>& records);

// One line per failed run: "4GB default: OOM: …".
std::string failures_text(const std::vector<TierRecord>& records);

// "4GB default", as messages name a run.
std::string run_name(const TierRun& run);

// "CPU+DiT", "CPU", "none"
std::string offload_text(const TierRun& run);

}  // namespace acestep::profile
