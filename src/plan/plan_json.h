// A plan for scripts and for people: the device, the tier, and every setting with its reason.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace acestep::plan {

struct Setting {
  std::string name;
  nlohmann::json value;
  std::string reason;
  std::string source;  // default, user, forced, simulated
};

// Every decision, in the order in which it is made.
std::vector<Setting> settings_of(const Plan& plan);

// {kind, index, name, compute, total_gb, free_gb, simulated_gb, cap_gb, cap_fraction}; null where
// it does not apply.
nlohmann::json device_json(const Plan& plan);

// The tier's row as it counts on this device and with these wishes, its name and the reason.
nlohmann::json tier_in_force_json(const Plan& plan);

// {device, tier, settings: {name: {value, reason, source}}, estimate, adjustments, warnings}
nlohmann::json plan_json(const Plan& plan);

// One line per decision: "offload_to_cpu=on: 8.0 GB < 20 GB".
std::string plan_text(const Plan& plan);

}  // namespace acestep::plan
