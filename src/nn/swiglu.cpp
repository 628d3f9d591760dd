#include "nn/swiglu.h"

#include <ATen/ATen.h>

namespace acestep::nn {

SwiGlu::SwiGlu(const weights::WeightScope& scope, int64_t hidden, int64_t intermediate)
    : gate_proj(scope.scope("gate_proj"), hidden, intermediate),
      up_proj(scope.scope("up_proj"), hidden, intermediate),
      down_proj(scope.scope("down_proj"), intermediate, hidden) {}

at::Tensor SwiGlu::operator()(const at::Tensor& x) const {
  at::Tensor gate = gate_proj(x);
  return down_proj(at::silu_(gate).mul_(up_proj(x)));
}

}  // namespace acestep::nn
