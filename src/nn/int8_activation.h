// Products of 8-bit whole numbers with 8-bit whole numbers: weights quantised once, activations in
// each call.
#pragma once

#include <ATen/core/Tensor.h>

#include "nn/int8_weight.h"

namespace acestep::nn {

// rows ≈ (values - zero_points) · scales, row by row.
struct Int8Rows {
  at::Tensor values;       // [N, K] int8
  at::Tensor scales;       // [N, 1] float32
  at::Tensor zero_points;  // [N, 1] int32 in -128 … 127: what stands for 0.0
};

// rows: [N, K] float32, bfloat16 or float16. A row's range, widened to hold 0, is spread over -128
// … 127: scale = range / 255, at least float32's epsilon, zero point = -128 - round(least / scale),
// value = round(x · (1/scale)) + zero point, clamped; halves to even. Scale and zero point are
// found in the rows' type, values in float32 (torchao 0.16.0's asymmetric int8 activations, which
// the reference uses on cards below compute 7.0).
Int8Rows quantize_activations(const at::Tensor& rows);

// The sum of each row of a weight's values, [out_features] int32, which the zero points need.
at::Tensor row_sums(const Int8Weight& weight);

// x: [..., in_features] of the types above, bias: [out_features] or undefined -> x·Wᵀ + bias, [...,
// out_features] float32. Sums of whole numbers are exact, unlike the reference's, which multiplies
// the dequantised numbers. N rows of x take at most N · (5 · in_features + 8 · out_features) bytes
// on the way, the result among them.
at::Tensor int8_dynamic_linear(const at::Tensor& x, const Int8Weight& weight,
                               const at::Tensor& weight_row_sums, const at::Tensor& bias);

}  // namespace acestep::nn
