// Which positions of one sequence see which, and the attention itself in its fastest form for that.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

namespace acestep::nn {

struct Visibility {
  // A query sees keys at most this many positions away on either side; absent: any distance.
  std::optional<int64_t> window;
  // [B, T] bool: keys that may be seen; undefined: all.
  at::Tensor key_mask;
};

// [B or 1, 1, T, T] bool: may query i (third dimension) see key j (fourth)?
at::Tensor visible_pairs(int64_t length, const Visibility& visibility, at::Device device);

// What a query of attend() may not see.
struct AttentionLimits {
  at::Tensor bias;  // broadcasts to [B, heads, T, L]: 0, or very low where hidden; undefined: none
  bool is_causal = false;  // instead of a bias: query i sees keys 0 … i
};

// softmax(q·kᵀ/sqrt(D) + bias)·v, softmax in float32, by the kernel that its device has for it.
// queries: [B, heads, T, D], keys and values: [B, kv_heads, L, D] (heads a multiple of kv_heads)
// -> [B, heads, T, D].
at::Tensor attend(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values,
                  const AttentionLimits& limits = {});

// attend() with every key visible and the heads merged.
// queries: [B, heads, T, D], keys and values: [B, kv_heads, L, D] (heads a multiple of kv_heads)
// -> [B, T, heads·D].
at::Tensor attend_all(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values);

// Self-attention of sequences of one length under one Visibility. Made once per forward and shared
// by all layers of a kind: it holds the mask. A query that may see nothing averages all values, as
// the reference's finite mask makes it do: its rows reach the cross-attention of other items'
// padding.
class AttentionPattern {
 public:
  // dtype and device: those of the queries.
  AttentionPattern(int64_t length, const Visibility& visibility, at::ScalarType dtype,
                   at::Device device);

  // queries: [B, heads, T, D], keys and values: [B, kv_heads, T, D] -> [B, T, heads·D].
  at::Tensor operator()(const at::Tensor& queries, const at::Tensor& keys,
                        const at::Tensor& values) const;

 private:
  at::Tensor attend_blocks(const at::Tensor& queries, const at::Tensor& keys,
                           const at::Tensor& values) const;

  int64_t length_;
  int64_t window_ = 0;  // > 0: blocks of queries, each against the keys it can reach
  at::Tensor mask_;     // additive; undefined when everything is visible
};

}  // namespace acestep::nn
