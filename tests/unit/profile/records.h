// Cards, planners and records that the tests of this folder share.
#pragma once

#include <string>

#include "plan/size_text.h"
#include "profile/tier_planner.h"
#include "profile/tier_record.h"

namespace acestep::profile {

inline plan::Device card_of(double gb) {
  return {.kind = plan::DeviceKind::kSimulated,
          .compute = plan::Capability{8, 6},
          .total_bytes = plan::to_bytes(gb),
          .free_bytes = plan::to_bytes(gb),
          .tier_gib = gb,
          .simulated_gib = gb,
          .cap_bytes = plan::to_bytes(gb - 0.5)};
}

inline const std::vector<std::string>& all_lms() {
  static const std::vector<std::string> names = {"acestep-5Hz-lm-0.6B", "acestep-5Hz-lm-1.7B",
                                                 "acestep-5Hz-lm-4B"};
  return names;
}

inline TierPlanner planner_for(TierTestOptions options, plan::Wishes wishes = {},
                               std::vector<std::string> lms_on_disk = all_lms()) {
  return TierPlanner(std::move(options), card_of, std::move(wishes),
                     {.lms_on_disk = std::move(lms_on_disk)});
}

inline TierRecord passed(double gb, const std::string& tier, double peak_gb = 3) {
  return {{.size_gb = gb, .tier = tier, .lm_backend = "vllm", .seconds = 240},
          {.is_loaded = true, .is_done = true, .wall_seconds = 10, .peak_gb = peak_gb}};
}

inline TierRecord failed(double gb, const std::string& tier) {
  TierRecord record = passed(gb, tier);
  record.outcome = {.is_loaded = true, .is_done = false, .error = "OOM: no room"};
  return record;
}

}  // namespace acestep::profile
