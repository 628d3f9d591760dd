#include "nn/linear.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <array>
#include <utility>

#include "device/compute.h"
#include "nn/int8_activation.h"
#include "sim/host_kernel.h"
#include "sim/simulated_gpu.h"
#include "weights/int8_checkpoint.h"

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

// Quantised activations gain nothing in narrow layers, which then stay dense (as in torchao
// 0.16.0).
constexpr int64_t kTooNarrowForDynamic = 16;

bool quantises(weights::LinearWeights linear, int64_t in_features) {
  if (linear == weights::LinearWeights::kInt8Dynamic) return in_features > kTooNarrowForDynamic;
  return linear == weights::LinearWeights::kInt8;
}

// As it is stored, or made of the dense weight.
Int8Weight int8_part(const weights::WeightScope& scope, int64_t out_features, int64_t in_features) {
  const std::array<int64_t, 2> shape = {out_features, in_features};
  if (scope.is_int8("weight")) {
    return {scope.take_int8("weight", shape),
            scope.take(weights::scale_name("weight"), {out_features})};
  }
  const at::Tensor dense = scope.take_stored("weight", shape).to(scope.placement().dtype);
  // Without values there is nothing to compute (weights/bind.h).
  if (dense.is_meta())
    return {at::empty_like(dense, at::kChar), at::empty_like(dense.select(1, 0))};
  Int8Weight made = quantize_rows(dense);
  scope.release("weight");
  return made;
}

// One tensor is passed on without a copy.
at::Tensor join_rows(const std::vector<at::Tensor>& parts) {
  return parts.size() == 1 ? parts.front() : at::cat(parts, 0);
}

bool can_pack(at::Device device, at::ScalarType dtype) {
  if (!device::is_computed_by_host(device) || !at::hasMKLDNN()) return false;
  static const bool packs_bfloat16 = multiplies_bfloat16();
  return dtype == at::kFloat || (dtype == at::kBFloat16 && packs_bfloat16);
}

}  // namespace

Linear::Linear(const weights::WeightScope& scope, int64_t in_features, int64_t out_features,
               Bias bias)
    : Linear({{scope, out_features}}, in_features) {
  if (bias == Bias::kPresent) bias_ = scope.take("bias", {out_features});
}

Linear::Linear(const std::vector<WeightRows>& parts, int64_t in_features)
    : in_features_(in_features), out_features_(0) {
  const weights::Placement& placement = parts.front().scope.placement();
  dtype_ = placement.dtype;
  for (const WeightRows& part : parts) out_features_ += part.out_features;
  if (parts.front().scope.is_int8("weight") || quantises(placement.linear, in_features)) {
    take_int8(parts);
  } else {
    take_dense(parts);
  }
}

Linear::Linear(at::Tensor weight, at::Tensor bias, at::Device device)
    : in_features_(weight.size(1)),
      out_features_(weight.size(0)),
      dtype_(weight.scalar_type()),
      weight_(std::move(weight)),
      bias_(std::move(bias)) {
  if (dtype_ == at::kBFloat16) pack(device);
}

// A float32 stack stays plain, as a given weight does.
void Linear::take_dense(const std::vector<WeightRows>& parts) {
  std::vector<at::Tensor> rows;
  for (const auto& [scope, out_features] : parts) {
    rows.push_back(scope.take("weight", {out_features, in_features_}));
  }
  const bool is_stacked = parts.size() > 1;
  weight_ = join_rows(rows);
  if (!is_stacked || dtype_ == at::kBFloat16) pack(parts.front().scope.placement().device);
  if (!is_stacked && form_ != Form::kPacked) return;
  for (const WeightRows& part : parts) part.scope.release("weight");
}

// Part by part, so that one of them is dense at a time.
void Linear::take_int8(const std::vector<WeightRows>& parts) {
  const weights::Placement& placement = parts.front().scope.placement();
  const at::Device home = placement.home_device();
  std::vector<at::Tensor> values;
  std::vector<at::Tensor> scales;
  for (const auto& [scope, out_features] : parts) {
    const Int8Weight part = int8_part(scope, out_features, in_features_);
    const int64_t numbers = out_features * in_features_;
    const auto number_bytes = static_cast<int64_t>(c10::elementSize(dtype_));
    scope.count_quantized("weight", numbers * number_bytes, part.bytes());
    values.push_back(part.values);
    scales.push_back(part.scales);
  }
  int8_ = {join_rows(values).to(home), join_rows(scales).to(home)};
  const bool is_copied = parts.size() > 1;
  for (const WeightRows& part : parts) {
    if (is_copied) part.scope.release("weight");
  }
  if (placement.linear == weights::LinearWeights::kInt8Dynamic) int8_row_sums_ = row_sums(int8_);
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
  if (int8_row_sums_.defined()) {
    return int8_dynamic_linear(input, int8_, int8_row_sums_, bias_).to(x.scalar_type());
  }
  if (int8_.values.defined()) return int8_linear(input, int8_, bias_).to(x.scalar_type());
  return dense_product(input).to(x.scalar_type());
}

}  // namespace acestep::nn
