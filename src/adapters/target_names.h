// Which weight of a checkpoint an adapter means: programs name modules in different ways.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::adapters {

// The name without what programs put in front: "base_model.model.", "diffusion_model." and others.
std::string_view without_prefixes(std::string_view module);

class TargetNames final {
 public:
  // names: of the checkpoint's tensors.
  explicit TargetNames(const std::vector<std::string>& names);

  // "base_model.model.layers.0.self_attn.q_proj" -> "decoder.layers.0.self_attn.q_proj.weight": a
  // name within the whole model or within its decoder, which the reference's trainer wraps alone;
  // with '_' for '.' behind "lycoris_" or "lora_unet_". Absent: there is no such weight.
  std::optional<std::string> find(std::string_view module) const;

  // The module whose name is most like it.
  std::optional<std::string> nearest(std::string_view module) const;

 private:
  std::vector<std::string> modules_;                                // sorted
  std::map<std::string, std::string, std::less<>> of_underscored_;  // '_' for '.' -> module
};

}  // namespace acestep::adapters
