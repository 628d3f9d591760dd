#include "nn/int8_weight.h"

#include <ATen/ATen.h>

#include <limits>

#include "device/compute.h"
#include "util/error.h"

namespace acestep::nn {
namespace {

constexpr double kMostValue = 127.5;  // torchao's symmetric range is -128 … 127, halved
constexpr int64_t kLeast = -128;
constexpr int64_t kMost = 127;

// Rows from which on a product with unpacked numbers is faster than the packed kernel, which goes
// through the weight once per row.
constexpr int64_t kManyRows = 8;

// The packed kernel reads whole blocks: it crashes on other sizes (libtorch 2.11, CPU).
constexpr int64_t kKernelBlock = 32;

bool suits_packed_kernel(const at::Tensor& rows, const Int8Weight& weight) {
  const bool has_type =
      rows.scalar_type() != at::kHalf || !device::is_computed_by_host(rows.device());
  const bool has_blocks =
      weight.values.size(0) % kKernelBlock == 0 && weight.values.size(1) % kKernelBlock == 0;
  return rows.size(0) < kManyRows && has_type && has_blocks;
}

at::Tensor product(const at::Tensor& rows, const Int8Weight& weight) {
  if (suits_packed_kernel(rows, weight)) {
    return at::_weight_int8pack_mm(rows, weight.values, weight.scales);
  }
  return at::mm(rows, weight.values.to(rows.scalar_type()).t()).mul_(weight.scales);
}

}  // namespace

int64_t Int8Weight::bytes() const {
  return static_cast<int64_t>(values.nbytes()) + static_cast<int64_t>(scales.nbytes());
}

at::Tensor row_scales(const at::Tensor& weight) {
  ACE_CHECK(weight.dim() == 2);
  const at::Tensor largest = weight.abs().amax(1);
  return largest.div(kMostValue).clamp_min(std::numeric_limits<float>::epsilon());
}

Int8Weight quantize_rows(const at::Tensor& weight) {
  const at::Tensor scales = row_scales(weight);
  // A row of zeros stays zeros: in float16 the reciprocal of its scale is infinite.
  const at::Tensor values = weight.mul(scales.reciprocal().unsqueeze(1)).nan_to_num(0.0);
  return {values.round().clamp(kLeast, kMost).to(at::kChar), scales};
}

at::Tensor int8_linear(const at::Tensor& x, const Int8Weight& weight, const at::Tensor& bias) {
  const int64_t in_features = weight.values.size(1);
  at::Tensor y = product(x.reshape({-1, in_features}).contiguous(), weight);
  if (bias.defined()) y = y.add_(bias);
  std::vector<int64_t> shape = x.sizes().vec();
  shape.back() = weight.values.size(0);
  return y.reshape(shape);
}

}  // namespace acestep::nn
