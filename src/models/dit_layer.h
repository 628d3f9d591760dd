// One layer of the diffusion transformer: modulated self-attention, cross-attention to the
// conditions, modulated feed-forward.
#pragma once

#include <ATen/core/Tensor.h>

#include "models/cross_listener.h"
#include "models/dit_config.h"
#include "nn/attention.h"
#include "nn/rms_norm.h"
#include "nn/swiglu.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::models {

// Shift, scale and gate of the attention, then of the feed-forward.
inline constexpr int64_t kLayerModulations = 6;

// x·(1 + scale) + shift. x: [B, T, hidden]; scale, shift: [B, 1, hidden] float32.
at::Tensor modulate(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift);

struct DitLayer {
  nn::RmsNorm self_attn_norm;
  nn::Attention self_attn;
  nn::RmsNorm cross_attn_norm;
  nn::Attention cross_attn;
  nn::RmsNorm mlp_norm;
  nn::SwiGlu mlp;
  at::Tensor scale_shift_table;  // [1, 6, hidden] float32

  DitLayer(const weights::WeightScope& scope, const DitConfig& config);

  struct Inputs {
    const at::Tensor& modulation;  // [B, 6, hidden] float32
    const nn::RotaryTable& table;
    const nn::AttentionPattern& pattern;
    const at::Tensor& cross_keys;       // [B, kv_heads, L, head_dim]
    const at::Tensor& cross_values;     // [B, kv_heads, L, head_dim]
    int64_t index = 0;                  // of this layer, for the listener
    CrossListener* listener = nullptr;  // hears the cross-attention if it wants this layer
  };
  struct Result {
    at::Tensor x;           // [B, T, hidden]
    at::Tensor self_attn;   // [B, T, hidden]: before its gate
    at::Tensor cross_attn;  // [B, T, hidden]
  };
  // x: [B, T, hidden].
  Result operator()(const at::Tensor& x, const Inputs& inputs) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, self_attn_norm, self_attn, cross_attn_norm, cross_attn, mlp_norm, mlp,
                    scale_shift_table);
  }
};

}  // namespace acestep::models
