// A plan for scripts and for people: the device, the tier, and every setting with its reason.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "plan/fit_memory.h"
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

// {name: {value, reason, source}}
nlohmann::json settings_json(const Plan& plan);
// "offload_to_cpu=on: 8.0 GB < 20 GB", and behind it who decided unless that is the tier.
std::string setting_text(const Setting& setting);

// {kind, index, name, compute, total_gb, free_gb, simulated_gb, cap_gb, cap_fraction}; null where
// it does not apply.
nlohmann::json device_json(const Plan& plan);

// The tier's row as it counts on this device and with these wishes, its name and the reason.
nlohmann::json tier_in_force_json(const Plan& plan);

// {device, tier, settings, estimate, adjustments, warnings}
nlohmann::json plan_json(const Plan& plan);

// "plan": the stages with their bytes in GiB, and "estimate": the peak of them.
void add_memory(nlohmann::json& object, const MemoryPlan& memory);
// "memory: compose 1.9 GB, condition 2.1 GB, …; peak 3.1 GB".
std::string memory_text(const MemoryPlan& memory);

// One line per decision.
std::string plan_text(const Plan& plan);

}  // namespace acestep::plan
