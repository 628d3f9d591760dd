// How the language model decodes: which backends a device may use, and which one is used.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/device_choice.h"
#include "plan/tier.h"

namespace acestep::plan {

// "pt" decodes plainly; "vllm" with captured graphs and a larger cache.
struct BackendRule {
  std::vector<std::string> allowed = {};  // the preferred one first
  std::string reason = {};

  const std::string& preferred() const { return allowed.front(); }
};

// pt alone on tiers 1 to 3, on CUDA cards below 7.0 whatever the tier, and on the CPU.
BackendRule backend_rule(const Tier& tier, const Device& device);

struct BackendChoice {
  std::string used;
  std::string asked;  // empty: left open. "fast" is vllm
};

// The asked backend in any case where the rule allows it, else the preferred one: so mlx, which is
// Apple's. Throws Error kUsage for names that are none.
BackendChoice choose_backend(std::string_view asked, const BackendRule& rule);

}  // namespace acestep::plan
