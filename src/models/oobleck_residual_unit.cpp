#include "models/oobleck_residual_unit.h"

#include <ATen/ATen.h>

#include <string>

namespace acestep::models {
namespace {

constexpr int64_t kKernel = 7;
constexpr int64_t kDilations[] = {1, 3, 9};  // reference: diffusers OobleckEncoderBlock

}  // namespace

OobleckResidualUnit::OobleckResidualUnit(const weights::WeightScope& scope, int64_t channels,
                                         int64_t dilation)
    : snake1(scope.scope("snake1"), channels),
      conv1(scope.scope("conv1"), {.in_channels = channels,
                                   .out_channels = channels,
                                   .kernel = kKernel,
                                   .padding = (kKernel - 1) / 2 * dilation,
                                   .dilation = dilation}),
      snake2(scope.scope("snake2"), channels),
      conv2(scope.scope("conv2"), {.in_channels = channels, .out_channels = channels}) {}

at::Tensor OobleckResidualUnit::forward(const at::Tensor& x) const {
  at::Tensor y = conv1(snake1(x));
  snake2.apply_in_place(y);
  y = conv2(y);
  return y.add_(x);
}

std::vector<OobleckResidualUnit> take_residual_units(const weights::WeightScope& scope,
                                                     int64_t channels) {
  std::vector<OobleckResidualUnit> units;
  int64_t number = 1;
  for (const int64_t dilation : kDilations) {
    units.emplace_back(scope.scope("res_unit" + std::to_string(number++)), channels, dilation);
  }
  return units;
}

}  // namespace acestep::models
