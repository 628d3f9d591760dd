// The Snake activation, x + sin²(a·x) / b with one a and b per channel.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::nn {

class Snake final {
 public:
  // Takes `alpha` and `beta` [1, channels, 1], both stored as logarithms.
  Snake(const weights::WeightScope& scope, int64_t channels);
  // Logarithms of a and b, [1, C, 1].
  Snake(const at::Tensor& log_alpha, const at::Tensor& log_beta);

  // x: [N, C, 1, T] -> the same shape, dtype and memory layout. Computed in float32.
  at::Tensor operator()(const at::Tensor& x) const;
  // Overwrites x: [N, C, 1, T]; needs almost no further memory.
  void apply_in_place(const at::Tensor& x) const;

  void visit_weights(const WeightVisitor& visit) { visit_parts(visit, frequency_, amplitude_); }

 private:
  void apply(const at::Tensor& x, const at::Tensor& y) const;

  at::Tensor frequency_;  // a: [1, C, 1, 1] float32
  at::Tensor amplitude_;  // 1 / (b + 1e-9): [1, C, 1, 1] float32
};

}  // namespace acestep::nn
