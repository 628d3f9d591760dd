// Qwen3 models of two narrow layers: the 5 Hz language model and the text encoder.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "tiny/tensor_plan.h"
#include "tiny/transformer_plan.h"

namespace acestep::tiny {

struct QwenSizes {
  std::string prefix;  // of all tensor names: "model." or nothing
  int64_t vocab_size = 0;
  int64_t end_of_text_id = 0;
  int64_t end_of_turn_id = 0;
  TransformerSizes layer = {};
  int64_t layers = 2;
};

nlohmann::json qwen_config(const QwenSizes& sizes);
TensorPlan qwen_tensors(const QwenSizes& sizes);

}  // namespace acestep::tiny
