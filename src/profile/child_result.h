// What `acestep generate --json` said at its end, as a record of the tier test.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "profile/tier_record.h"
#include "util/child_process.h"

namespace acestep::profile {

struct ChildAnswer {
  util::ChildEnd end;
  std::optional<nlohmann::json> result;  // absent: it said nothing
  std::filesystem::path log;             // what it told on standard error
};

// Errors begin as the reference's: "DiT init failed" without models, "Init OOM" and "Init
// exception" before the first stage, "OOM" and "Generation exception" after it. A run that only
// passed because something else was done than asked (fewer songs together; of a variant: INT8,
// offload) fails with "OOM", too. Of other runs the settings are those that were really used.
TierRecord record_of(const TierRun& asked, const ChildAnswer& answer);

}  // namespace acestep::profile
