// Grouped-query attention with normalised queries and keys, as all transformers here use it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "nn/attention_pattern.h"
#include "nn/linear.h"
#include "nn/rms_norm.h"
#include "nn/rotary.h"
#include "nn/weight_visitor.h"

namespace acestep::nn {

struct AttentionShape {
  int64_t hidden = 0;  // width of what goes in and comes out
  int64_t heads = 0;   // a multiple of kv_heads
  int64_t kv_heads = 0;
  int64_t head_dim = 0;  // heads · head_dim may differ from hidden
  double norm_epsilon = 1e-6;
  Bias bias = Bias::kNone;
};

struct Attention {
  Linear q_proj;
  Linear k_proj;
  Linear v_proj;
  Linear o_proj;
  RmsNorm q_norm;
  RmsNorm k_norm;
  int64_t head_dim;

  Attention(const weights::WeightScope& scope, const AttentionShape& shape);

  // x: [B, T, hidden] -> normalised, without positions: [B, heads, T, head_dim].
  at::Tensor queries(const at::Tensor& x) const;
  // x: [B, T, hidden] -> normalised, without positions: [B, kv_heads, T, head_dim].
  at::Tensor keys(const at::Tensor& x) const;
  // x: [B, T, hidden] -> [B, kv_heads, T, head_dim].
  at::Tensor values(const at::Tensor& x) const;

  // x: [B, T, hidden] -> [B, T, hidden]: attention of x to itself with rotary positions.
  at::Tensor to_itself(const at::Tensor& x, const RotaryTable& table,
                       const AttentionPattern& pattern) const;
  // x: [B, T, hidden], the other sequence's keys and values [B, kv_heads, L, head_dim]
  // -> [B, T, hidden]: attention without positions to all of the other sequence.
  at::Tensor to_other(const at::Tensor& x, const at::Tensor& other_keys,
                      const at::Tensor& other_values) const;

  void visit_weights(const WeightVisitor& visit) {
    visit_parts(visit, q_proj, k_proj, v_proj, o_proj, q_norm, k_norm);
  }
};

}  // namespace acestep::nn
