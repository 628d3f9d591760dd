#include "adapters/part_names.h"

#include <array>
#include <utility>

namespace acestep::adapters {
namespace {

using Ending = std::pair<std::string_view, Part>;

// None is the end of another.
constexpr std::array<Ending, 23> kEndings = {
    {{".lora_A.weight", Part::kDown},
     {".lora_A.default.weight", Part::kDown},
     {".lora_A", Part::kDown},
     {".lora_down.weight", Part::kDown},
     {".lora.down.weight", Part::kDown},
     {".lora_B.weight", Part::kUp},
     {".lora_B.default.weight", Part::kUp},
     {".lora_B", Part::kUp},
     {".lora_up.weight", Part::kUp},
     {".lora.up.weight", Part::kUp},
     {".alpha", Part::kAlpha},
     {".lora_magnitude_vector", Part::kMagnitude},
     {".lora_magnitude_vector.weight", Part::kMagnitude},
     {".lora_magnitude_vector.default", Part::kMagnitude},
     {".lora_magnitude_vector.default.weight", Part::kMagnitude},
     {".dora_scale", Part::kDoraScale},
     {".lokr_w1", Part::kW1},
     {".lokr_w1_a", Part::kW1A},
     {".lokr_w1_b", Part::kW1B},
     {".lokr_w2", Part::kW2},
     {".lokr_w2_a", Part::kW2A},
     {".lokr_w2_b", Part::kW2B},
     {".lokr_t2", Part::kT2}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kForeign = {
    {{".hada_", "LoHa"},
     {".lora_mid", "LoCon with a core"},
     {".lora_embedding_", "LoRA of embeddings"},
     {".oft_", "OFT"},
     {".boft_", "BOFT"},
     {".ia3_", "IA3"},
     {".vera_lambda", "VeRA"},
     {".diff", "whole differences of weights"}}};

}  // namespace

std::optional<PartName> part_name(std::string_view tensor) {
  for (const auto& [ending, part] : kEndings) {
    if (!tensor.ends_with(ending) || tensor.size() == ending.size()) continue;
    return PartName{std::string(tensor.substr(0, tensor.size() - ending.size())), part};
  }
  return std::nullopt;
}

std::string_view foreign_method(std::string_view tensor) {
  for (const auto& [mark, method] : kForeign) {
    if (tensor.find(mark) != std::string_view::npos) return method;
  }
  return {};
}

}  // namespace acestep::adapters
