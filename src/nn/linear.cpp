#include "nn/linear.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <utility>

#include "device/compute.h"
#include "sim/host_kernel.h"
#include "sim/simulated_gpu.h"

namespace acestep::nn {
namespace {

// oneDNN's blocked weight layout, which it chooses for a number of rows. Laid out for one row, a
// product of one or two rows (decoding) takes a third to four fifths of the plain product's time,
// and one of hundreds of rows 85 to 95 %, within 4 % of a layout made for those
// (docs/BENCHMARKS.md). The operators exist only in the dispatcher.
constexpr int64_t kPackedForRows = 1;

c10::OperatorHandle operator_named(const char* name) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "");
}

at::Tensor pack_weight(const at::Tensor& weight) {
  static const c10::OperatorHandle op = operator_named("mkldnn::_reorder_linear_weight");
  torch::jit::Stack stack = {weight.contiguous(), kPackedForRows};
  op.callBoxed(stack);
  return stack.front().toTensor();
}

at::Tensor packed_product(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  static const auto op =
      operator_named("mkldnn::_linear_pointwise")
          .typed<at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
                            c10::string_view, c10::List<std::optional<at::Scalar>>,
                            std::optional<c10::string_view>)>();
  const std::optional<at::Tensor> maybe_bias =
      bias.defined() ? std::optional<at::Tensor>(bias) : std::nullopt;
  return op.call(x, weight, maybe_bias, "none", c10::List<std::optional<at::Scalar>>(),
                 std::nullopt);
}

// oneDNN multiplies bfloat16 only on processors with AVX-512 or newer.
bool multiplies_bfloat16() {
  torch::jit::Stack stack;
  operator_named("mkldnn::_is_mkldnn_bf16_supported").callBoxed(stack);
  return stack.front().toBool();
}

bool can_pack(at::Device device, at::ScalarType dtype) {
  if (!device::is_computed_by_host(device) || !at::hasMKLDNN()) return false;
  static const bool packs_bfloat16 = multiplies_bfloat16();
  return dtype == at::kFloat || (dtype == at::kBFloat16 && packs_bfloat16);
}

}  // namespace

Linear::Linear(const weights::WeightScope& scope, int64_t in_features, int64_t out_features,
               Bias bias)
    : in_features_(in_features), out_features_(out_features) {
  dtype_ = scope.placement().dtype;
  if (bias == Bias::kPresent) bias_ = scope.take("bias", {out_features});
  if (scope.placement().linear == weights::LinearWeights::kInt8) {
    quantize(scope);
    return;
  }
  weight_ = scope.take("weight", {out_features, in_features});
  pack(scope.placement().device);
  if (form_ == Form::kPacked) scope.release("weight");
}

Linear::Linear(at::Tensor weight, at::Tensor bias, at::Device device)
    : in_features_(weight.size(1)),
      out_features_(weight.size(0)),
      dtype_(weight.scalar_type()),
      weight_(std::move(weight)),
      bias_(std::move(bias)) {
  if (dtype_ == at::kBFloat16) pack(device);
}

void Linear::quantize(const weights::WeightScope& scope) {
  const at::Device home = scope.placement().home_device();
  const at::Tensor dense = scope.take_stored("weight", {out_features_, in_features_}).to(dtype_);
  Int8Weight made = quantize_rows(dense);
  int8_ = {made.values.to(home), made.scales.to(home)};
  scope.count_quantized(static_cast<int64_t>(dense.nbytes()), int8_.bytes());
  scope.release("weight");
}

Linear::Form Linear::best_form(at::Device device, at::ScalarType dtype) {
  if (!can_pack(device, dtype)) return Form::kPlain;
  return device.is_cpu() ? Form::kPacked : Form::kPackedInProduct;
}

void Linear::pack(at::Device device) {
  form_ = best_form(device, dtype_);
  if (form_ == Form::kPacked) weight_ = pack_weight(weight_);
}

at::Tensor Linear::dense_product(const at::Tensor& x) const {
  if (form_ == Form::kPlain) return at::linear(x, weight_, bias_);
  if (form_ == Form::kPacked) return packed_product(x.contiguous(), weight_, bias_);
  return sim::run_on_host({x.contiguous(), weight_, bias_}, [](const sim::Tensors& lent) {
    return packed_product(lent[0], pack_weight(lent[1]), lent[2]);
  });
}

at::Tensor Linear::operator()(const at::Tensor& x) const {
  const at::Tensor input = x.to(dtype_);
  if (int8_.values.defined()) return int8_linear(input, int8_, bias_).to(x.scalar_type());
  return dense_product(input).to(x.scalar_type());
}

}  // namespace acestep::nn
