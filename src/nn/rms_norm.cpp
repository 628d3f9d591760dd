#include "nn/rms_norm.h"

#include <ATen/ATen.h>

namespace acestep::nn {

RmsNorm::RmsNorm(const weights::WeightScope& scope, int64_t dim, double epsilon)
    : weight_(scope.take("weight", {dim})), epsilon_(epsilon) {}

at::Tensor RmsNorm::operator()(const at::Tensor& x) const {
  const at::Tensor wide = x.to(at::kFloat);
  const at::Tensor scale = wide.square().mean({-1}, /*keepdim=*/true).add_(epsilon_).rsqrt_();
  return (wide * scale).to(x.scalar_type()) * weight_.to(x.scalar_type());
}

}  // namespace acestep::nn
