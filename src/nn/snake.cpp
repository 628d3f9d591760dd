#include "nn/snake.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>

#include "util/error.h"

namespace acestep::nn {
namespace {

constexpr double kNoDivisionByZero = 1e-9;  // reference: diffusers Snake1d

// Elements worked on at a time, so that the passes over a block find it in the cache: half a
// megabyte of float32 for each thread on the CPU, enough to fill the device elsewhere.
int64_t block_elements(const at::Tensor& x) {
  constexpr int64_t kPerCpuThread = 1 << 17;
  constexpr int64_t kPerLaunch = 1 << 24;
  return x.device().is_cpu() ? kPerCpuThread * at::get_num_threads() : kPerLaunch;
}

}  // namespace

// Computed on the CPU, so that the numbers are those of any home.
Snake::Snake(const weights::WeightScope& scope, int64_t channels)
    : Snake(scope.take_stored("alpha", {1, channels, 1}),
            scope.take_stored("beta", {1, channels, 1})) {
  const at::Device home = scope.placement().home_device();
  frequency_ = frequency_.to(home);
  amplitude_ = amplitude_.to(home);
}

Snake::Snake(const at::Tensor& log_alpha, const at::Tensor& log_beta)
    : frequency_(log_alpha.to(at::kFloat).exp().unsqueeze(2)),
      amplitude_((log_beta.to(at::kFloat).exp() + kNoDivisionByZero).reciprocal().unsqueeze(2)) {}

at::Tensor Snake::operator()(const at::Tensor& x) const {
  at::Tensor y = at::empty_like(x);
  apply(x, y);
  return y;
}

void Snake::apply_in_place(const at::Tensor& x) const { apply(x, x); }

void Snake::apply(const at::Tensor& x, const at::Tensor& y) const {
  ACE_CHECK(x.dim() == 4);
  const int64_t length = x.size(3);
  const int64_t rows = std::max<int64_t>(1, x.size(0) * x.size(1));
  const int64_t block = std::max<int64_t>(1, block_elements(x) / rows);
  for (int64_t start = 0; start < length; start += block) {
    const int64_t count = std::min(block, length - start);
    // Converted first: operations on mixed dtypes are several times slower.
    const at::Tensor part = x.narrow(3, start, count).to(at::kFloat);
    const at::Tensor wave = at::mul(part, frequency_).sin_().square_().mul_(amplitude_);
    y.narrow(3, start, count).copy_(wave.add_(part));
  }
}

}  // namespace acestep::nn
