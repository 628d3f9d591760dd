// The Qwen3 transformer stack: the text encoder as a whole, and the language model below its head.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "models/qwen3_config.h"
#include "nn/linear.h"
#include "nn/rms_norm.h"
#include "nn/rotary.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::models {

// Keys and values of what a language model has read, preallocated and written in place.
struct KvCache {
  std::vector<at::Tensor> keys;  // per layer [B, kv_heads, capacity, head_dim], after norm and rope
  std::vector<at::Tensor> values;  // per layer [B, kv_heads, capacity, head_dim]
  nn::RotaryTable rotary;          // rows for positions 0 … capacity - 1
  at::Tensor key_bias;  // [B, 1, 1, capacity]: 0, or -inf on padding; undefined without padding
  int64_t used = 0;     // columns filled so far

  int64_t capacity() const { return keys.front().size(2); }
};

// Which tokens may attend to which: causal always, and nothing attends to padding.
struct AttentionSpan {
  const nn::RotaryTable& rotary;  // one row per new token
  at::Tensor bias;                // broadcasts to [B, heads, T, K], 0 or -inf; undefined: none
  bool is_causal = false;         // without bias: plain causal over new tokens alone
};

struct Qwen3Attention {
  nn::Linear qkv_proj;  // q_proj, k_proj and v_proj stacked
  nn::Linear o_proj;
  nn::RmsNorm qk_norm;  // q_norm on the query heads, k_norm on the key heads
  int64_t heads;
  int64_t kv_heads;
  int64_t head_dim;

  Qwen3Attention(const weights::WeightScope& scope, const Qwen3Config& config);

  // x: [B, T, H] -> [B, T, H]. With a cache the new keys and values go into columns used … used + T
  // of its `layer` and the queries see columns 0 … used + T.
  at::Tensor operator()(const at::Tensor& x, const AttentionSpan& span, KvCache* cache,
                        size_t layer) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, qkv_proj, o_proj, qk_norm);
  }
};

struct Qwen3Mlp {
  nn::Linear gate_up_proj;  // gate_proj and up_proj stacked
  nn::Linear down_proj;

  Qwen3Mlp(const weights::WeightScope& scope, const Qwen3Config& config);

  // x: [B, T, H] -> [B, T, H].
  at::Tensor operator()(const at::Tensor& x) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, gate_up_proj, down_proj);
  }
};

struct Qwen3Layer {
  nn::RmsNorm input_layernorm;
  Qwen3Attention self_attn;
  nn::RmsNorm post_attention_layernorm;
  Qwen3Mlp mlp;

  Qwen3Layer(const weights::WeightScope& scope, const Qwen3Config& config);

  // x: [B, T, H] -> [B, T, H].
  at::Tensor operator()(const at::Tensor& x, const AttentionSpan& span, KvCache* cache,
                        size_t layer) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, input_layernorm, self_attn, post_attention_layernorm, mlp);
  }
};

class Qwen3 {
 public:
  // Takes embed_tokens, layers.N and norm from the scope.
  Qwen3(const weights::WeightScope& scope, const Qwen3Config& config);

  // ids: [B, T] int64 -> embedding rows [B, T, H] in the activation dtype: the weights' own, but
  // float32 over half-precision (fp16) weights.
  at::Tensor embed(const at::Tensor& ids) const;

  // x: [B, T, H] embeddings -> [B, T, H] after the final norm. mask: [B, T], zero on padding, or
  // undefined. trace, if given, receives the output of every layer, before the final norm.
  at::Tensor forward(const at::Tensor& x, const at::Tensor& mask = {},
                     std::vector<at::Tensor>* trace = nullptr) const;

  // The next T tokens of the cached sequences: ids [B, T] -> [B, T, H] after the final norm.
  at::Tensor forward_cached(const at::Tensor& ids, KvCache& cache) const;

  // An empty cache of `capacity` columns. mask: [B, P], zero on (left) padding of the prompts, or
  // undefined when nothing is padded.
  KvCache make_cache(int64_t batch, int64_t capacity, const at::Tensor& mask = {}) const;

  const Qwen3Config& config() const { return config_; }
  const at::Tensor& embedding_table() const { return embed_tokens_; }  // [V, H]
  // Where it computes, wherever its weights are.
  at::Device device() const { return device_; }

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, embed_tokens_, layers_, norm_);
  }

 private:
  at::Tensor run_layers(at::Tensor x, const AttentionSpan& span, KvCache* cache,
                        std::vector<at::Tensor>* trace) const;
  at::ScalarType activation_dtype() const;

  Qwen3Config config_;
  at::Device device_;
  at::Tensor embed_tokens_;
  std::vector<Qwen3Layer> layers_;
  nn::RmsNorm norm_;
};

}  // namespace acestep::models
