#include "models/fsq.h"

#include <ATen/ATen.h>

#include "models/encoder_layer.h"

namespace acestep::models {
namespace {

nn::Linear take_projection(const weights::WeightScope& scope, int64_t in_features,
                           int64_t out_features, const DitConfig& config) {
  if (!config.is_xl) return {scope, in_features, out_features, nn::Bias::kPresent};
  return {scope.take_float("weight", {out_features, in_features}),
          scope.take_float("bias", {out_features}), scope.placement().device};
}

// 1, level_0, level_0·level_1, …
at::Tensor place_values(const at::Tensor& levels) { return levels.cumprod(0).floor_divide(levels); }

// Value of a digit 0 … level - 1: evenly spaced over -1 … 1.
at::Tensor digit_values(const at::Tensor& digits, const at::Tensor& levels) {
  return digits * (2.0 / (levels - 1).to(at::kFloat)) - 1.0;
}

}  // namespace

Fsq::Fsq(const weights::WeightScope& scope, const DitConfig& config)
    : dtype_(config.is_xl ? at::kFloat : activation_dtype(scope.placement().dtype)),
      result_dtype_(activation_dtype(scope.placement().dtype)),
      levels_(at::tensor(config.fsq_levels, at::kLong).to(scope.placement().home_device())),
      // On the CPU: there is no division of tensors without values (weights/bind.h).
      basis_(place_values(at::tensor(config.fsq_levels, at::kLong)).to(levels_.device())),
      project_in_(
          take_projection(scope.scope("project_in"), config.fsq_hidden, levels_.size(0), config)),
      project_out_(take_projection(scope.scope("project_out"), levels_.size(0), config.fsq_hidden,
                                   config)) {}

Fsq::Result Fsq::operator()(const at::Tensor& x) const {
  const at::Tensor projected = project_in_(x.to(dtype_));
  const at::Tensor steps = (levels_ - 1).to(at::kFloat);
  // The soft clamp reaches a little beyond ±1 so that the outermost digits can be reached.
  const at::Tensor reach = (1.0 + steps.reciprocal()).to(dtype_);
  const at::Tensor clamped = ((projected / reach).tanh() * reach).to(at::kFloat).clamp(-1.0, 1.0);
  const at::Tensor digits = (steps * ((clamped + 1.0) / 2.0) + 0.5).floor();

  Result result;
  result.projected = projected;
  result.values = digit_values(digits, levels_);
  result.indices = (digits.to(at::kLong) * basis_).sum(-1, /*keepdim=*/true);
  result.quantized = project_out_(result.values.to(dtype_)).to(x.scalar_type());
  return result;
}

at::Tensor Fsq::values_from_indices(const at::Tensor& indices) const {
  return digit_values(indices.floor_divide(basis_).remainder(levels_), levels_);
}

at::Tensor Fsq::quantized_from_indices(const at::Tensor& indices) const {
  return project_out_(values_from_indices(indices).to(dtype_)).to(result_dtype_);
}

}  // namespace acestep::models
