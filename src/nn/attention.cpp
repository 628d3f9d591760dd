#include "nn/attention.h"

#include <ATen/ATen.h>

namespace acestep::nn {
namespace {

// [B, T, heads·head_dim] -> [B, T, heads, head_dim].
at::Tensor split_heads(const at::Tensor& x, int64_t head_dim) {
  return x.unflatten(-1, {-1, head_dim});
}

}  // namespace

Attention::Attention(const weights::WeightScope& scope, const AttentionShape& shape)
    : q_proj(scope.scope("q_proj"), shape.hidden, shape.heads * shape.head_dim, shape.bias),
      k_proj(scope.scope("k_proj"), shape.hidden, shape.kv_heads * shape.head_dim, shape.bias),
      v_proj(scope.scope("v_proj"), shape.hidden, shape.kv_heads * shape.head_dim, shape.bias),
      o_proj(scope.scope("o_proj"), shape.heads * shape.head_dim, shape.hidden, shape.bias),
      q_norm(scope.scope("q_norm"), shape.head_dim, shape.norm_epsilon),
      k_norm(scope.scope("k_norm"), shape.head_dim, shape.norm_epsilon),
      head_dim(shape.head_dim) {}

at::Tensor Attention::queries(const at::Tensor& x) const {
  return q_norm(split_heads(q_proj(x), head_dim)).transpose(1, 2);
}

at::Tensor Attention::keys(const at::Tensor& x) const {
  return k_norm(split_heads(k_proj(x), head_dim)).transpose(1, 2);
}

at::Tensor Attention::values(const at::Tensor& x) const {
  return split_heads(v_proj(x), head_dim).transpose(1, 2);
}

at::Tensor Attention::to_itself(const at::Tensor& x, const RotaryTable& table,
                                const AttentionPattern& pattern) const {
  return o_proj(pattern(rotate(queries(x), table), rotate(keys(x), table), values(x)));
}

at::Tensor Attention::to_other(const at::Tensor& x, const at::Tensor& other_keys,
                               const at::Tensor& other_values) const {
  return o_proj(attend_all(queries(x), other_keys, other_values));
}

}  // namespace acestep::nn
