// The gated feed-forward layer of every transformer here: down(silu(gate(x)) · up(x)).
#pragma once

#include <ATen/core/Tensor.h>

#include "nn/linear.h"
#include "nn/weight_visitor.h"

namespace acestep::nn {

struct SwiGlu {
  Linear gate_proj;
  Linear up_proj;
  Linear down_proj;

  SwiGlu(const weights::WeightScope& scope, int64_t hidden, int64_t intermediate);

  // x: [..., hidden] -> [..., hidden].
  at::Tensor operator()(const at::Tensor& x) const;

  void visit_weights(const WeightVisitor& visit) {
    visit_parts(visit, gate_proj, up_proj, down_proj);
  }
};

}  // namespace acestep::nn
