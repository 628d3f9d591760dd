#include "models/dit_parts.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace acestep::models {

std::vector<std::string> other_parts(std::initializer_list<std::string_view> loaded) {
  std::vector<std::string> others;
  for (const std::string_view part :
       {dit_part::kDecoder, dit_part::kEncoder, dit_part::kTokenizer, dit_part::kDetokenizer}) {
    if (std::find(loaded.begin(), loaded.end(), part) == loaded.end()) {
      others.push_back(std::string(part) + ".");
    }
  }
  if (std::find(loaded.begin(), loaded.end(), dit_part::kNullCondition) == loaded.end()) {
    others.emplace_back(dit_part::kNullCondition);
  }
  return others;
}

at::Tensor take_null_condition(const weights::WeightScope& root, const DitConfig& config) {
  return root.take(dit_part::kNullCondition, {1, 1, config.encoder.hidden});
}

}  // namespace acestep::models
