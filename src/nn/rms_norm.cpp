#include "nn/rms_norm.h"

#include <ATen/ATen.h>

#include <utility>

namespace acestep::nn {

RmsNorm::RmsNorm(const weights::WeightScope& scope, int64_t dim, double epsilon)
    : weight_(scope.take("weight", {dim})), epsilon_(epsilon) {}

RmsNorm::RmsNorm(at::Tensor weight, double epsilon)
    : weight_(std::move(weight)), epsilon_(epsilon) {}

at::Tensor RmsNorm::operator()(const at::Tensor& x) const {
  const at::ScalarType dtype = x.scalar_type();
  const at::Tensor weight = weight_.to(dtype);
  // Devices other than the CPU have one fused kernel, which accumulates in float32 too.
  if (!x.device().is_cpu()) return at::rms_norm(x, weight.sizes(), weight, epsilon_);
  const at::Tensor wide = x.to(at::kFloat);
  const at::Tensor scale = wide.square().mean({-1}, /*keepdim=*/true).add_(epsilon_).rsqrt_();
  // A widened copy is ours to overwrite; x itself is not.
  const bool is_copy = dtype != at::kFloat;
  at::Tensor normalised = is_copy ? wide.mul_(scale).to(dtype) : wide * scale;
  return normalised.mul_(weight);
}

}  // namespace acestep::nn
