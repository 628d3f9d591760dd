#include "adapters/target_names.h"

#include <algorithm>
#include <array>

#include "request/nearest.h"

namespace acestep::adapters {
namespace {

constexpr std::string_view kWeight = ".weight";
constexpr std::string_view kDecoder = "decoder.";
constexpr std::array<std::string_view, 5> kPrefixes = {"base_model.model.", "diffusion_model.",
                                                       "model.", "transformer.", "module."};
constexpr std::array<std::string_view, 3> kUnderscoredPrefixes = {"lycoris_", "lora_unet_",
                                                                  "lora_transformer_"};

std::string underscored(std::string_view module) {
  std::string name(module);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

}  // namespace

std::string_view without_prefixes(std::string_view module) {
  for (bool is_shorter = true; is_shorter;) {
    is_shorter = false;
    for (const std::string_view prefix : kPrefixes) {
      if (!module.starts_with(prefix)) continue;
      module.remove_prefix(prefix.size());
      is_shorter = true;
    }
  }
  return module;
}

TargetNames::TargetNames(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (!name.ends_with(kWeight)) continue;
    const std::string module = name.substr(0, name.size() - kWeight.size());
    modules_.push_back(module);
    of_underscored_.emplace(underscored(module), module);
    if (!module.starts_with(kDecoder)) continue;
    of_underscored_.emplace(underscored(module.substr(kDecoder.size())), module);
  }
  std::sort(modules_.begin(), modules_.end());
}

std::optional<std::string> TargetNames::find(std::string_view module) const {
  const std::string_view plain = without_prefixes(module);
  for (const std::string& name : {std::string(plain), std::string(kDecoder).append(plain)}) {
    if (std::binary_search(modules_.begin(), modules_.end(), name)) {
      return name + std::string(kWeight);
    }
  }
  for (const std::string_view prefix : kUnderscoredPrefixes) {
    if (!plain.starts_with(prefix)) continue;
    const auto found = of_underscored_.find(plain.substr(prefix.size()));
    if (found != of_underscored_.end()) return found->second + std::string(kWeight);
  }
  return std::nullopt;
}

std::optional<std::string> TargetNames::nearest(std::string_view module) const {
  return request::nearest_name(without_prefixes(module), modules_);
}

}  // namespace acestep::adapters
