#include "tiny/tiny_qwen.h"

#include <nlohmann/json.hpp>

namespace acestep::tiny {
namespace {

// The output head is the embedding table: this makes logits of a spread of about 2.
constexpr float kEmbeddingSpread = 0.6F;

}  // namespace

nlohmann::json qwen_config(const QwenSizes& sizes) {
  return {{"architectures", {"Qwen3ForCausalLM"}},
          {"attention_bias", false},
          {"attention_dropout", 0.0},
          {"bos_token_id", sizes.end_of_text_id},
          {"eos_token_id", sizes.end_of_turn_id},
          {"head_dim", sizes.layer.head_dim},
          {"hidden_act", "silu"},
          {"hidden_size", sizes.layer.hidden},
          {"initializer_range", 0.02},
          {"intermediate_size", sizes.layer.intermediate},
          {"max_position_embeddings", 40960},
          {"max_window_layers", sizes.layers},
          {"model_type", "qwen3"},
          {"num_attention_heads", sizes.layer.heads},
          {"num_hidden_layers", sizes.layers},
          {"num_key_value_heads", sizes.layer.kv_heads},
          {"rms_norm_eps", 1e-6},
          {"rope_scaling", nullptr},
          {"rope_theta", 1000000},
          {"sliding_window", nullptr},
          {"tie_word_embeddings", true},
          {"torch_dtype", "bfloat16"},
          {"use_cache", true},
          {"use_sliding_window", false},
          {"vocab_size", sizes.vocab_size}};
}

TensorPlan qwen_tensors(const QwenSizes& sizes) {
  TensorPlan plan;
  plan.table(sizes.prefix + "embed_tokens.weight", {sizes.vocab_size, sizes.layer.hidden},
             kEmbeddingSpread);
  plan_layers(plan, sizes.prefix + "layers", sizes.layer, sizes.layers);
  plan.norm(sizes.prefix + "norm", sizes.layer.hidden);
  return plan;
}

}  // namespace acestep::tiny
