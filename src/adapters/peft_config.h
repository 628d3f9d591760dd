// What PEFT's adapter_config.json says about how an adapter's numbers are meant.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace acestep::adapters {

// How a change of a weight is written: as the product of two narrow matrices, or as the Kronecker
// product of two small ones.
enum class Method { kLora, kLokr };

// Defaults are PEFT's own.
struct PeftConfig {
  Method method = Method::kLora;
  int64_t rank = 8;
  double alpha = 8.0;
  bool divides_by_root = false;  // use_rslora
  bool has_magnitudes = false;   // use_dora
  // Of modules whose name is the key or ends with "." and the key.
  std::map<std::string, int64_t> rank_pattern = {};
  std::map<std::string, double> alpha_pattern = {};

  int64_t rank_of(std::string_view module) const;
  // What the product is multiplied by: alpha / rank, or alpha / √rank.
  double factor_of(std::string_view module) const;
};

// name: what messages call the text. Throws Error kInput for what is no such file, for methods
// other than LoRA, DoRA and LoKr, and for settings that change more than the products do: biases,
// whole modules, regular expressions as patterns.
PeftConfig parse_peft_config(std::string_view text, const std::string& name);

}  // namespace acestep::adapters
