// Root-mean-square normalisation, always computed in float32.
#pragma once

#include <ATen/core/Tensor.h>

#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::nn {

class RmsNorm {
 public:
  // Takes `weight` [dim] from the scope.
  RmsNorm(const weights::WeightScope& scope, int64_t dim, double epsilon);
  // Uses given gains: [dim], or [heads, dim] for inputs [..., heads, dim] with gains per head.
  RmsNorm(at::Tensor weight, double epsilon);

  // x: [..., dim] -> the same shape and dtype: x / sqrt(mean(x²) + epsilon), rounded to x's dtype,
  // then times the weight, as the reference does.
  at::Tensor operator()(const at::Tensor& x) const;

  void visit_weights(const WeightVisitor& visit) { visit_parts(visit, weight_); }

 private:
  at::Tensor weight_;
  double epsilon_;
};

}  // namespace acestep::nn
