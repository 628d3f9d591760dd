// What the diffusion transformer is told about the time t of the noise schedule.
#pragma once

#include <ATen/core/Tensor.h>

#include "nn/linear.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::models {

// [cos(1000·t·w) | sin(1000·t·w)], w_k = 10000^(-k/half): t [B] -> [B, features] float32, features
// even. 1000·t is computed in t's own type, as the reference does.
at::Tensor time_features(const at::Tensor& t, int64_t features);

// Computed in float32 between its layers, whatever the weights.
struct TimeEmbedding {
  nn::Linear linear_1;
  nn::Linear linear_2;
  nn::Linear time_proj;

  TimeEmbedding(const weights::WeightScope& scope, int64_t hidden);

  struct Result {
    at::Tensor embedding;   // [B, hidden] float32
    at::Tensor modulation;  // [B, 6, hidden] float32
  };
  // t: [B] float32.
  Result operator()(const at::Tensor& t) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, linear_1, linear_2, time_proj);
  }
};

}  // namespace acestep::models
