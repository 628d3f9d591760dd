// From which size on INT8 and offload can be switched off: what the boundary runs found.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "profile/tier_record.h"

namespace acestep::profile {

struct Boundary {
  std::string capability;                       // "No INT8 Quantization"
  std::optional<TierRecord> smallest = {};      // that passed
  std::optional<TierRecord> last_failure = {};  // the largest size that did not
};

struct Boundaries {
  Boundary no_quantization;
  Boundary no_offload;
};

// A default run that has nothing to switch off counts too.
Boundaries find_boundaries(const std::vector<TierRecord>& records);

// The heading BOUNDARY ANALYSIS, the table of both, their peaks and last failures, and the note.
std::string boundary_text(const Boundaries& boundaries);

// {"no_quantization": {"tier", "tier_gb", "peak_vram_gb", "last_failure_gb"}, "no_offload": …};
// null where no size passed.
nlohmann::json boundary_json(const Boundaries& boundaries);

// What such results depend on; boundary_text() and batch_limits_text() end with it.
extern const char kBoundaryNote[];

}  // namespace acestep::profile
