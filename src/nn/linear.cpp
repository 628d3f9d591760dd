#include "nn/linear.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <utility>

namespace acestep::nn {
namespace {

// oneDNN's blocked weight layout: 1.3 to 2 times the speed of a plain bf16 product at one row and
// 5 to 10 % at many (docs/BENCHMARKS.md). The operators exist only in the dispatcher.
at::Tensor pack_weight(const at::Tensor& weight) {
  static const auto op =
      c10::Dispatcher::singleton()
          .findSchemaOrThrow("mkldnn::_reorder_linear_weight", "")
          .typed<at::Tensor(const at::Tensor&, std::optional<c10::SymInt>)>();
  return op.call(weight.contiguous().to_mkldnn(), std::nullopt);
}

at::Tensor packed_product(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  static const auto op =
      c10::Dispatcher::singleton()
          .findSchemaOrThrow("mkldnn::_linear_pointwise", "")
          .typed<at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
                            c10::string_view, c10::List<std::optional<at::Scalar>>,
                            std::optional<c10::string_view>)>();
  const std::optional<at::Tensor> maybe_bias =
      bias.defined() ? std::optional<at::Tensor>(bias) : std::nullopt;
  return op.call(x, weight, maybe_bias, "none", c10::List<std::optional<at::Scalar>>(),
                 std::nullopt);
}

}  // namespace

Linear::Linear(const weights::WeightScope& scope, int64_t in_features, int64_t out_features,
               Bias bias)
    : in_features_(in_features), out_features_(out_features) {
  weight_ = scope.take("weight", {out_features, in_features});
  if (bias == Bias::kPresent) bias_ = scope.take("bias", {out_features});
  prepare();
}

Linear::Linear(at::Tensor weight, at::Tensor bias)
    : in_features_(weight.size(1)),
      out_features_(weight.size(0)),
      weight_(std::move(weight)),
      bias_(std::move(bias)) {
  prepare();
}

void Linear::prepare() {
  dtype_ = weight_.scalar_type();
  if (weight_.device().is_cpu() && dtype_ == at::kBFloat16) {
    weight_ = pack_weight(weight_);
    packed_ = true;
  }
}

at::Tensor Linear::operator()(const at::Tensor& x) const {
  const at::Tensor input = x.scalar_type() == dtype_ ? x : x.to(dtype_);
  at::Tensor y =
      packed_ ? packed_product(input.contiguous(), weight_, bias_) : at::linear(input, weight_, bias_);
  return y.scalar_type() == x.scalar_type() ? y : y.to(x.scalar_type());
}

}  // namespace acestep::nn
