// The bidirectional transformer that lyrics, reference audio and audio tokens all run through.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "models/dit_config.h"
#include "nn/attention.h"
#include "nn/rms_norm.h"
#include "nn/swiglu.h"
#include "nn/trace.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::models {

struct EncoderLayer {
  nn::RmsNorm input_layernorm;
  nn::Attention self_attn;
  nn::RmsNorm post_attention_layernorm;
  nn::SwiGlu mlp;

  EncoderLayer(const weights::WeightScope& scope, const DitConfig& config);

  // x: [B, T, hidden] -> [B, T, hidden].
  at::Tensor operator()(const at::Tensor& x, const nn::RotaryTable& table,
                        const nn::AttentionPattern& pattern) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, input_layernorm, self_attn, post_attention_layernorm, mlp);
  }
};

// `layers.*` and the final `norm` of one encoder.
class EncoderStack {
 public:
  EncoderStack(const weights::WeightScope& scope, const DitConfig& config, int64_t layer_count);

  // x: [B, T, hidden], key_mask: [B, T] bool or undefined (every position counts) -> [B, T, hidden]
  // after the final norm. Traces <name>_layer0, <name>_layer1, …
  at::Tensor operator()(const at::Tensor& x, const at::Tensor& key_mask = {},
                        nn::Trace* trace = nullptr, const std::string& name = {}) const;

  void visit_weights(const nn::WeightVisitor& visit) { nn::visit_parts(visit, layers_, norm_); }

 private:
  std::vector<EncoderLayer> layers_;
  nn::RmsNorm norm_;
  std::vector<AttentionKind> kinds_;
  std::optional<int64_t> window_;
  int64_t head_dim_;
  double rope_theta_;
};

// The type in which values flow between layers: bfloat16 over bfloat16 weights, else float32 (over
// float16 weights the residual stream would overflow in float16).
at::ScalarType activation_dtype(at::ScalarType weight_dtype);

}  // namespace acestep::models
