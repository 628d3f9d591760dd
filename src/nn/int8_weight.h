// Linear weights as 8-bit whole numbers with one scale per output row.
#pragma once

#include <ATen/core/Tensor.h>

namespace acestep::nn {

// weight ≈ values · scales, row by row.
struct Int8Weight {
  at::Tensor values;  // [out_features, in_features] int8
  at::Tensor scales;  // [out_features] in the weight's own type

  int64_t bytes() const;
};

// weight: [out_features, in_features] float32, bfloat16 or float16. scale = max|row| / 127.5,
// value = the nearest whole number to w · (1/scale), halves to even, within -128 … 127; a row of
// zeros has float32's epsilon as its scale (torchao 0.16.0's int8_weight_only, which the reference
// uses). All arithmetic is in the weight's type.
Int8Weight quantize_rows(const at::Tensor& weight);

// scales of quantize_rows alone: [out_features].
at::Tensor row_scales(const at::Tensor& weight);

// x: [..., in_features] in the scales' type. Returns x·Wᵀ + bias, [..., out_features], in that
// type: the product with the whole numbers is scaled afterwards. bias: [out_features] or undefined.
// From 8 rows of x on, and where libtorch's kernel for whole numbers does not fit, the weight is
// unpacked for the time of the product: in_features · out_features numbers of x's type.
at::Tensor int8_linear(const at::Tensor& x, const Int8Weight& weight, const at::Tensor& bias);

}  // namespace acestep::nn
