#include "nn/rotary.h"

#include <ATen/ATen.h>

namespace acestep::nn {

RotaryTable RotaryTable::to(at::ScalarType dtype) const { return {cos.to(dtype), sin.to(dtype)}; }

at::Tensor rotary_frequencies(int64_t head_dim, double theta, at::Device device) {
  const auto options = at::TensorOptions().dtype(at::kFloat).device(device);
  const at::Tensor exponents = at::arange(0, head_dim, 2, options) / static_cast<double>(head_dim);
  return at::pow(at::Scalar(theta), exponents).reciprocal();
}

RotaryTable make_rotary_table(const at::Tensor& positions, const at::Tensor& frequencies) {
  const at::Tensor half = positions.to(at::kFloat).unsqueeze(1) * frequencies.unsqueeze(0);
  const at::Tensor angles = at::cat({half, half}, 1);
  return {angles.cos(), angles.sin()};
}

RotaryTable make_rotary_table(int64_t first, int64_t count, int64_t head_dim, double theta,
                              at::Device device) {
  const auto options = at::TensorOptions().dtype(at::kFloat).device(device);
  return make_rotary_table(at::arange(first, first + count, options),
                           rotary_frequencies(head_dim, theta, device));
}

at::Tensor rotate(const at::Tensor& x, const RotaryTable& table) {
  const RotaryTable rounded = table.to(x.scalar_type());
  const auto halves = x.chunk(2, -1);
  const auto sin = rounded.sin.chunk(2, -1);
  at::Tensor rotated = x * rounded.cos;
  const auto out = rotated.chunk(2, -1);
  out[0].addcmul_(halves[1], sin[0], -1);
  out[1].addcmul_(halves[0], sin[1]);
  return rotated;
}

}  // namespace acestep::nn
