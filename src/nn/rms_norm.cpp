#include "nn/rms_norm.h"

#include <ATen/ATen.h>

#include <utility>

#include "device/compute.h"

namespace acestep::nn {
namespace {

// Over the last dimension, float32. Half-precision input is read once, without a widened copy;
// float32 takes the pairwise sum of mean(), which is closer to the exact value.
at::Tensor mean_square(const at::Tensor& x) {
  if (x.scalar_type() == at::kFloat) return x.square().mean({-1}, /*keepdim=*/true);
  const double count = static_cast<double>(x.size(-1));
  return at::linalg_vector_norm(x, 2, at::IntArrayRef{-1}, /*keepdim=*/true, at::kFloat)
      .square_()
      .div_(count);
}

}  // namespace

RmsNorm::RmsNorm(const weights::WeightScope& scope, int64_t dim, double epsilon)
    : weight_(scope.take("weight", {dim})), epsilon_(epsilon) {}

RmsNorm::RmsNorm(at::Tensor weight, double epsilon)
    : weight_(std::move(weight)), epsilon_(epsilon) {}

at::Tensor RmsNorm::operator()(const at::Tensor& x) const {
  const at::ScalarType dtype = x.scalar_type();
  const at::Tensor weight = weight_.to(dtype);
  // CUDA has one fused kernel, which accumulates in float32 too.
  if (!device::is_computed_by_host(x.device()))
    return at::rms_norm(x, weight.sizes(), weight, epsilon_);
  const at::Tensor scale = mean_square(x).add_(epsilon_).rsqrt_();
  // A widened copy is ours to overwrite; x itself is not.
  at::Tensor normalised = dtype == at::kFloat ? x * scale : x.to(at::kFloat).mul_(scale).to(dtype);
  return normalised.mul_(weight);
}

}  // namespace acestep::nn
