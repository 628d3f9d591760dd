// A DiT checkpoint of the published layout, a few thousand times smaller.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "tiny/tensor_plan.h"
#include "tiny/transformer_plan.h"

namespace acestep::tiny {

// Fields without a choice here are those of the published models.
struct DitSizes {
  std::string folder;   // "acestep-v15-turbo"
  std::string version;  // config.json's model_version
  bool is_turbo = false;
  bool is_xl = false;  // its decoder is wider than its encoders
  TransformerSizes decoder = {};
  TransformerSizes encoder = {};
  int64_t decoder_layers = 2;
  int64_t lyric_layers = 2;
  int64_t timbre_layers = 1;
  int64_t pooler_layers = 1;
  int64_t text_hidden = 32;
};

// turbo, base, sft and xl-turbo.
std::vector<DitSizes> tiny_dits();

nlohmann::json dit_config(const DitSizes& sizes);
TensorPlan dit_tensors(const DitSizes& sizes);

}  // namespace acestep::tiny
