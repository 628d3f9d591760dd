// Rotary position embedding in the half-split ("NeoX") form.
#pragma once

#include <ATen/core/Tensor.h>

namespace acestep::nn {

struct RotaryTable {
  at::Tensor cos;  // [T, head_dim], float32 as made
  at::Tensor sin;  // [T, head_dim], float32 as made

  // The same table rounded to `dtype`: once per forward instead of once per layer.
  RotaryTable to(at::ScalarType dtype) const;
};

// theta^(-2k/head_dim) for k = 0 … head_dim/2 - 1: [head_dim/2] float32.
at::Tensor rotary_frequencies(int64_t head_dim, double theta, at::Device device);

// Angles position · frequency. positions: [T] of any type, frequencies: [head_dim/2] float32.
RotaryTable make_rotary_table(const at::Tensor& positions, const at::Tensor& frequencies);

// The same for positions first … first + count - 1 and the frequencies of `theta`.
RotaryTable make_rotary_table(int64_t first, int64_t count, int64_t head_dim, double theta,
                              at::Device device);

// x: [B, heads, T, head_dim] -> the same shape and dtype. The table's rows are x's positions; cos
// and sin are rounded to x's dtype first, as the reference does.
at::Tensor rotate(const at::Tensor& x, const RotaryTable& table);

}  // namespace acestep::nn
