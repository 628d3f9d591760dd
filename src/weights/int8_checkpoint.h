// How a checkpoint stores linear weights as 8-bit whole numbers: NAME [out, in] int8 and, beside
// it, NAME_scale [out] in floating point, one number per row.
#pragma once

#include <string>
#include <string_view>

namespace acestep::weights {

// "decoder.layers.0.mlp.up_proj.weight" -> "decoder.layers.0.mlp.up_proj.weight_scale".
inline constexpr std::string_view kScaleSuffix = "_scale";
inline std::string scale_name(std::string_view weight) {
  return std::string(weight).append(kScaleSuffix);
}
// The other way round; empty for what is no name of scales.
inline std::string scaled_weight(std::string_view scale) {
  if (!scale.ends_with(kScaleSuffix)) return {};
  return std::string(scale.substr(0, scale.size() - kScaleSuffix.size()));
}

// The mark of such a folder in its config.json: {"quantization_config": {"quant_method": …}}, where
// readers of other formats look, too.
inline constexpr char kQuantizationKey[] = "quantization_config";
inline constexpr char kQuantizationMethod[] = "acestep_int8";

}  // namespace acestep::weights
