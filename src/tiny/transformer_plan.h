// The transformer layers that the DiT, its encoders and the Qwen3 models have in common.
#pragma once

#include <cstdint>
#include <string>

#include "tiny/tensor_plan.h"

namespace acestep::tiny {

struct TransformerSizes {
  int64_t hidden = 32;
  int64_t intermediate = 64;
  int64_t heads = 4;
  int64_t kv_heads = 2;
  int64_t head_dim = 8;
};

void plan_attention(TensorPlan& plan, const std::string& name, const TransformerSizes& sizes);
void plan_mlp(TensorPlan& plan, const std::string& name, const TransformerSizes& sizes);
// `name`.0 to `name`.(count - 1): norm, self-attention, norm, MLP.
void plan_layers(TensorPlan& plan, const std::string& name, const TransformerSizes& sizes,
                 int64_t count);

}  // namespace acestep::tiny
