// 1-D convolutions over sequences, with weights folded from weight-norm pairs and laid out for the
// device.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "nn/linear.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::nn {

// The layout convolutions work in: [N, C, T] -> [N, C, 1, T], channels last in memory on the CPU
// (where oneDNN is 1.3 to 1.4 times faster that way), plain elsewhere.
at::Tensor to_conv_layout(const at::Tensor& x);
// [N, C, 1, T] -> [N, C, T], contiguous.
at::Tensor from_conv_layout(const at::Tensor& x);

struct ConvShape {
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  int64_t kernel = 1;
  int64_t stride = 1;
  int64_t padding = 0;  // on both sides; what a transposed convolution cuts off instead
  int64_t dilation = 1;
};

// Weights may be stored plain (`weight`) or as a weight-norm pair: `weight_g` and `weight_v`, or
// `parametrizations.weight.original0` and `.original1`. A pair is folded in float32 at
// construction.
class Conv1d final {
 public:
  // Takes weight [out, in, kernel] and, if asked, bias [out].
  Conv1d(const weights::WeightScope& scope, const ConvShape& shape, Bias bias = Bias::kPresent);

  // x: [N, in, 1, T] in the weights' dtype -> [N, out, 1, T'].
  at::Tensor operator()(const at::Tensor& x) const;
  // T' for a given T; 0 when the input is shorter than the kernel.
  int64_t output_length(int64_t length) const;

  void visit_weights(const WeightVisitor& visit) { visit_parts(visit, weight_, bias_); }

 private:
  ConvShape shape_;
  at::Tensor weight_;  // [out, in, 1, kernel]
  at::Tensor bias_;    // undefined when absent
};

class ConvTranspose1d final {
 public:
  // Takes weight [in, out, kernel] and, if asked, bias [out]. Dilation must be 1.
  ConvTranspose1d(const weights::WeightScope& scope, const ConvShape& shape,
                  Bias bias = Bias::kPresent);

  // x: [N, in, 1, T] in the weights' dtype -> [N, out, 1, T'].
  at::Tensor operator()(const at::Tensor& x) const;
  int64_t output_length(int64_t length) const;

  void visit_weights(const WeightVisitor& visit) { visit_parts(visit, weight_, bias_); }

 private:
  ConvShape shape_;
  at::Tensor weight_;  // [in, out, 1, kernel]
  at::Tensor bias_;    // undefined when absent
};

}  // namespace acestep::nn
