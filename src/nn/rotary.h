// Rotary position embedding in the half-split ("NeoX") form.
#pragma once

#include <ATen/core/Tensor.h>

namespace acestep::nn {

struct RotaryTable {
  at::Tensor cos;  // [T, head_dim], float32
  at::Tensor sin;  // [T, head_dim], float32
};

// Angles position · theta^(-2k/head_dim) for positions first … first + count - 1, in float32.
RotaryTable make_rotary_table(int64_t first, int64_t count, int64_t head_dim, double theta,
                              at::Device device);

// x: [B, heads, T, head_dim] -> the same shape and dtype. The table's rows are x's positions; cos and
// sin are rounded to x's dtype first, as the reference does.
at::Tensor rotate(const at::Tensor& x, const RotaryTable& table);

}  // namespace acestep::nn
