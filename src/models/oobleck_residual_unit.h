// The residual unit both halves of the audio autoencoder are built from.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "nn/conv1d.h"
#include "nn/snake.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::models {

// x + conv2(snake2(conv1(snake1(x)))), conv1 being dilated.
struct OobleckResidualUnit {
  OobleckResidualUnit(const weights::WeightScope& scope, int64_t channels, int64_t dilation);

  // x: [B, C, 1, T] -> [B, C, 1, T].
  at::Tensor forward(const at::Tensor& x) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, snake1, conv1, snake2, conv2);
  }

  nn::Snake snake1;
  nn::Conv1d conv1;
  nn::Snake snake2;
  nn::Conv1d conv2;
};

// A block's three units, `res_unit1` to `res_unit3` below `scope`, with growing dilation.
std::vector<OobleckResidualUnit> take_residual_units(const weights::WeightScope& scope,
                                                     int64_t channels);

}  // namespace acestep::models
