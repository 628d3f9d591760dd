#include "tiny/transformer_plan.h"

namespace acestep::tiny {

void plan_attention(TensorPlan& plan, const std::string& name, const TransformerSizes& sizes) {
  plan.linear(name + ".q_proj", sizes.heads * sizes.head_dim, sizes.hidden);
  plan.linear(name + ".k_proj", sizes.kv_heads * sizes.head_dim, sizes.hidden);
  plan.linear(name + ".v_proj", sizes.kv_heads * sizes.head_dim, sizes.hidden);
  plan.linear(name + ".o_proj", sizes.hidden, sizes.heads * sizes.head_dim);
  plan.norm(name + ".q_norm", sizes.head_dim);
  plan.norm(name + ".k_norm", sizes.head_dim);
}

void plan_mlp(TensorPlan& plan, const std::string& name, const TransformerSizes& sizes) {
  plan.linear(name + ".gate_proj", sizes.intermediate, sizes.hidden);
  plan.linear(name + ".up_proj", sizes.intermediate, sizes.hidden);
  plan.linear(name + ".down_proj", sizes.hidden, sizes.intermediate);
}

void plan_layers(TensorPlan& plan, const std::string& name, const TransformerSizes& sizes,
                 int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const std::string layer = name + "." + std::to_string(i);
    plan.norm(layer + ".input_layernorm", sizes.hidden);
    plan_attention(plan, layer + ".self_attn", sizes);
    plan.norm(layer + ".post_attention_layernorm", sizes.hidden);
    plan_mlp(plan, layer + ".mlp", sizes);
  }
}

}  // namespace acestep::tiny
