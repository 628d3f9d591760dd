#include "nn/attention_pattern.h"

#include <ATen/ATen.h>

#include <limits>

#include "util/error.h"

namespace acestep::nn {
namespace {

// Measured on the CPU at 1500 positions and window 128: blocks of 64 take a quarter of the dense
// mask's time; up to about 600 positions nothing is gained.
constexpr int64_t kBlockQueries = 64;
constexpr int64_t kDenseLength = 600;

double lowest_of(at::ScalarType dtype) {
  if (dtype == at::kHalf) return std::numeric_limits<at::Half>::lowest();
  if (dtype == at::kBFloat16) return std::numeric_limits<at::BFloat16>::lowest();
  return std::numeric_limits<float>::lowest();
}

// 0 where visible, the dtype's lowest finite number elsewhere.
at::Tensor additive_mask(const at::Tensor& visible, at::ScalarType dtype) {
  return at::zeros(visible.sizes(), visible.options().dtype(dtype))
      .masked_fill_(visible.logical_not(), lowest_of(dtype));
}

at::Tensor within_window(const at::Tensor& queries, const at::Tensor& keys, int64_t window) {
  return (queries.unsqueeze(-1) - keys.unsqueeze(-2)).abs().le(window);
}

// Keys of block n are the padded positions n·block … n·block + block + 2·window - 1, where the
// first `window` padded positions lie before the sequence. [blocks, 1, block, block + 2·window]
// bool.
at::Tensor visible_in_blocks(int64_t length, int64_t window, at::Device device) {
  const int64_t blocks = (length + kBlockQueries - 1) / kBlockQueries;
  const auto options = at::TensorOptions().dtype(at::kLong).device(device);
  const at::Tensor starts = at::arange(blocks, options).unsqueeze(1) * kBlockQueries;
  const at::Tensor queries = starts + at::arange(kBlockQueries, options);
  const at::Tensor keys = starts - window + at::arange(kBlockQueries + 2 * window, options);
  const at::Tensor exists = keys.ge(0).logical_and_(keys.lt(length)).unsqueeze(1);
  return within_window(queries, keys, window).logical_and_(exists).unsqueeze(1);
}

// Keys or values with as many heads as the kernel needs. On CUDA only flash attention knows grouped
// heads: no bias, half precision, compute capability 8.0 (which bfloat16 implies). Anywhere else
// asking for them would fall back to writing out all scores.
at::Tensor spread_heads(const at::Tensor& x, const at::Tensor& queries, const at::Tensor& bias) {
  const bool kernel_groups =
      queries.device().is_cpu() || (!bias.defined() && queries.scalar_type() == at::kBFloat16);
  const int64_t group = queries.size(1) / x.size(1);
  return kernel_groups || group == 1 ? x : x.repeat_interleave(group, 1);
}

// [B, heads, T, D] -> [B, T, heads·D].
at::Tensor merge_heads(const at::Tensor& x) { return x.transpose(1, 2).flatten(2); }

// [B, heads, N + border, D] -> [B·blocks, heads, span, D], a view where the batch is one.
at::Tensor overlapping_blocks(const at::Tensor& x, int64_t span) {
  return x.unfold(2, span, kBlockQueries).permute({0, 2, 1, 4, 3}).flatten(0, 1);
}

}  // namespace

at::Tensor visible_pairs(int64_t length, const Visibility& visibility, at::Device device) {
  const at::Tensor positions =
      at::arange(length, at::TensorOptions().dtype(at::kLong).device(device));
  at::Tensor visible = within_window(positions, positions, visibility.window.value_or(length))
                           .view({1, 1, length, length});
  if (!visibility.key_mask.defined()) return visible;
  return visible.logical_and(visibility.key_mask.to(at::kBool).unsqueeze(1).unsqueeze(1));
}

at::Tensor attend(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values,
                  const AttentionLimits& limits) {
  const at::Tensor spread_keys = spread_heads(keys, queries, limits.bias);
  const at::Tensor spread_values = spread_heads(values, queries, limits.bias);
  const std::optional<at::Tensor> maybe_bias =
      limits.bias.defined() ? std::optional<at::Tensor>(limits.bias) : std::nullopt;
  return at::scaled_dot_product_attention(queries, spread_keys, spread_values, maybe_bias,
                                          /*dropout_p=*/0.0, limits.is_causal,
                                          /*scale=*/std::nullopt,
                                          /*enable_gqa=*/queries.size(1) != spread_keys.size(1));
}

at::Tensor attend_all(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values) {
  return merge_heads(attend(queries, keys, values));
}

AttentionPattern::AttentionPattern(int64_t length, const Visibility& visibility,
                                   at::ScalarType dtype, at::Device device)
    : length_(length) {
  const int64_t window = visibility.window.value_or(length);
  const bool reaches_all = window >= length - 1;
  if (reaches_all && !visibility.key_mask.defined()) return;
  const bool fits_blocks = length > kDenseLength && kBlockQueries + 2 * window < length;
  // Blocks see only nearby keys, so a query with no visible key could not average all values.
  if (fits_blocks && !visibility.key_mask.defined()) {
    window_ = window;
    mask_ = additive_mask(visible_in_blocks(length, window, device), dtype);
    return;
  }
  mask_ = additive_mask(visible_pairs(length, visibility, device), dtype);
}

at::Tensor AttentionPattern::operator()(const at::Tensor& queries, const at::Tensor& keys,
                                        const at::Tensor& values) const {
  ACE_CHECK(queries.size(2) == length_ && keys.size(2) == length_);
  if (window_ > 0) return attend_blocks(queries, keys, values);
  return merge_heads(attend(queries, keys, values, {.bias = mask_}));
}

at::Tensor AttentionPattern::attend_blocks(const at::Tensor& queries, const at::Tensor& keys,
                                           const at::Tensor& values) const {
  const int64_t batch = queries.size(0);
  const int64_t blocks = mask_.size(0);
  const int64_t tail = blocks * kBlockQueries - length_;
  const int64_t span = kBlockQueries + 2 * window_;
  const auto with_border = [&](const at::Tensor& x) {
    return overlapping_blocks(at::constant_pad_nd(x, {0, 0, window_, window_ + tail}), span);
  };
  const at::Tensor padded = at::constant_pad_nd(queries, {0, 0, 0, tail});
  const at::Tensor mask = batch == 1 ? mask_ : mask_.repeat({batch, 1, 1, 1});
  const at::Tensor out = attend(overlapping_blocks(padded, kBlockQueries), with_border(keys),
                                with_border(values), {.bias = mask});
  // [B·blocks, heads, block, D] -> [B, blocks·block, heads·D], without the tail.
  return merge_heads(out).reshape({batch, blocks * kBlockQueries, -1}).narrow(1, 0, length_);
}

}  // namespace acestep::nn
