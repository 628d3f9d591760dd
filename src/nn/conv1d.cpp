#include "nn/conv1d.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>

#include "device/compute.h"
#include "util/error.h"

namespace acestep::nn {
namespace {

// w = g · v / |v|, the norm taken over everything but the first dimension.
at::Tensor fold_weight_norm(const at::Tensor& g, const at::Tensor& v) {
  const at::Tensor norm = v.flatten(1).norm(2, 1).view(g.sizes());
  return v * (g / norm);
}

// The weight in float32 on the CPU, however it is stored.
at::Tensor take_weight(const weights::WeightScope& scope, at::IntArrayRef shape) {
  if (scope.has("weight")) return scope.take_stored("weight", shape).to(at::kFloat);
  const bool is_new_style = scope.has("parametrizations.weight.original0");
  const auto* const g_name = is_new_style ? "parametrizations.weight.original0" : "weight_g";
  const auto* const v_name = is_new_style ? "parametrizations.weight.original1" : "weight_v";
  const std::array<int64_t, 3> g_shape = {shape[0], 1, 1};
  at::Tensor folded = fold_weight_norm(scope.take_stored(g_name, g_shape).to(at::kFloat),
                                       scope.take_stored(v_name, shape).to(at::kFloat));
  scope.release(v_name);
  return folded;
}

at::MemoryFormat fast_format(at::Device device) {
  return device::is_computed_by_host(device) ? at::MemoryFormat::ChannelsLast
                                             : at::MemoryFormat::Contiguous;
}

at::Tensor place_weight(const at::Tensor& weight, const weights::Placement& placement) {
  return weight.unsqueeze(2)
      .to(placement.home_device(), placement.dtype)
      .contiguous(fast_format(placement.device));
}

at::Tensor take_bias(const weights::WeightScope& scope, int64_t channels, Bias bias) {
  return bias == Bias::kPresent ? scope.take("bias", {channels}) : at::Tensor();
}

}  // namespace

at::Tensor to_conv_layout(const at::Tensor& x) {
  ACE_CHECK(x.dim() == 3);
  return x.unsqueeze(2).contiguous(fast_format(x.device()));
}

at::Tensor from_conv_layout(const at::Tensor& x) { return x.squeeze(2).contiguous(); }

Conv1d::Conv1d(const weights::WeightScope& scope, const ConvShape& shape, Bias bias)
    : shape_(shape),
      weight_(
          place_weight(take_weight(scope, {shape.out_channels, shape.in_channels, shape.kernel}),
                       scope.placement())),
      bias_(take_bias(scope, shape.out_channels, bias)) {}

at::Tensor Conv1d::operator()(const at::Tensor& x) const {
  const std::array<int64_t, 2> stride = {1, shape_.stride};
  const std::array<int64_t, 2> padding = {0, shape_.padding};
  const std::array<int64_t, 2> dilation = {1, shape_.dilation};
  return at::conv2d(x, weight_, bias_, stride, padding, dilation);
}

int64_t Conv1d::output_length(int64_t length) const {
  const int64_t span = shape_.dilation * (shape_.kernel - 1) + 1;
  const int64_t room = length + 2 * shape_.padding - span;
  return room < 0 ? 0 : room / shape_.stride + 1;
}

ConvTranspose1d::ConvTranspose1d(const weights::WeightScope& scope, const ConvShape& shape,
                                 Bias bias)
    : shape_(shape),
      weight_(
          place_weight(take_weight(scope, {shape.in_channels, shape.out_channels, shape.kernel}),
                       scope.placement())),
      bias_(take_bias(scope, shape.out_channels, bias)) {
  ACE_CHECK(shape.dilation == 1);
}

at::Tensor ConvTranspose1d::operator()(const at::Tensor& x) const {
  return at::conv_transpose2d(x, weight_, bias_, {1, shape_.stride}, {0, shape_.padding});
}

int64_t ConvTranspose1d::output_length(int64_t length) const {
  return std::max<int64_t>(0, (length - 1) * shape_.stride - 2 * shape_.padding + shape_.kernel);
}

}  // namespace acestep::nn
