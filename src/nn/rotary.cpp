#include "nn/rotary.h"

#include <ATen/ATen.h>

namespace acestep::nn {

RotaryTable make_rotary_table(int64_t first, int64_t count, int64_t head_dim, double theta,
                              at::Device device) {
  const auto options = at::TensorOptions().dtype(at::kFloat).device(device);
  const at::Tensor exponents = at::arange(0, head_dim, 2, options) / static_cast<double>(head_dim);
  const at::Tensor frequencies = at::pow(at::Scalar(theta), exponents).reciprocal();
  const at::Tensor positions = at::arange(first, first + count, options);
  const at::Tensor half = positions.unsqueeze(1) * frequencies.unsqueeze(0);
  const at::Tensor angles = at::cat({half, half}, 1);
  return {angles.cos(), angles.sin()};
}

at::Tensor rotate(const at::Tensor& x, const RotaryTable& table) {
  const auto halves = x.chunk(2, -1);
  const at::Tensor swapped = at::cat({halves[1].neg(), halves[0]}, -1);
  return x * table.cos.to(x.scalar_type()) + swapped * table.sin.to(x.scalar_type());
}

}  // namespace acestep::nn
