#include "plan/backend_choice.h"

#include <algorithm>
#include <array>

#include "request/text.h"
#include "util/error.h"

namespace acestep::plan {

BackendRule backend_rule(const Tier& tier, const Device& device) {
  if (!device.is_gpu()) return {{"pt"}, "graphs are captured on graphics cards only"};
  if (device.compute && device.compute->is_legacy_cuda()) {
    return {{"pt"},
            "compute capability " + capability_text(*device.compute) +
                " < 7.0: captured graphs need Volta or later; pt is slower and works everywhere"};
  }
  const std::string name(tier.name);
  if (tier.lm_backend == "pt") return {{"pt"}, name + ": vllm's cache would take too much memory"};
  return {{"vllm", "pt"}, name + " has room for vllm's cache"};
}

BackendChoice choose_backend(std::string_view asked, const BackendRule& rule) {
  std::string name = request::to_lower_ascii(request::trim(asked));
  if (name == "fast") name = "vllm";
  if (name.empty() || name == "auto") return {rule.preferred(), ""};
  constexpr std::array<std::string_view, 3> kKnown = {"pt", "vllm", "mlx"};
  if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
    throw Error(ErrorCode::kUsage, "backend " + request::in_quotes(asked) + " is unknown",
                "use auto, pt, vllm, fast or mlx");
  }
  const bool is_allowed =
      std::find(rule.allowed.begin(), rule.allowed.end(), name) != rule.allowed.end();
  return {is_allowed ? name : rule.preferred(), name};
}

}  // namespace acestep::plan
