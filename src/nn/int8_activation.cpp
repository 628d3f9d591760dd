#include "nn/int8_activation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "device/compute.h"
#include "util/error.h"

namespace acestep::nn {
namespace {

constexpr int64_t kLeast = -128;
constexpr int64_t kMost = 127;
constexpr double kSteps = 255.0;  // between kLeast and kMost

// What CUDA's kernel for whole numbers wants (libtorch 2.11, _int_mm).
constexpr int64_t kCudaLeastRows = 17;
constexpr int64_t kCudaMultiple = 8;

// rows: [N, K] int8, weight: [M, K] int8 -> rows·weightᵀ [N, M] int32. Sums fit as long as K is at
// most 65,536: a product is at most 2^15 in size once its zero point is taken off.
at::Tensor whole_product(const at::Tensor& rows, const at::Tensor& weight) {
  const int64_t count = rows.size(0);
  if (device::is_computed_by_host(rows.device())) return at::_int_mm(rows, weight.t());
  if (weight.size(0) % kCudaMultiple != 0 || weight.size(1) % kCudaMultiple != 0) {
    return at::mm(rows.to(at::kDouble), weight.to(at::kDouble).t()).to(at::kInt);  // exact, too
  }
  const int64_t missing = std::max<int64_t>(0, kCudaLeastRows - count);
  const at::Tensor padded = missing > 0 ? at::constant_pad_nd(rows, {0, 0, 0, missing}) : rows;
  return at::_int_mm(padded, weight.t()).narrow(0, 0, count);
}

}  // namespace

Int8Rows quantize_activations(const at::Tensor& rows) {
  ACE_CHECK(rows.dim() == 2);
  const at::Tensor least = rows.amin(1, /*keepdim=*/true).clamp_max(0.0);
  const at::Tensor most = rows.amax(1, /*keepdim=*/true).clamp_min(0.0);
  const at::Tensor scales =
      (most - least).div_(kSteps).clamp_min_(std::numeric_limits<float>::epsilon());
  const at::Tensor zero_points =
      (least / scales).round_().neg_().add_(kLeast).clamp_(kLeast, kMost);

  Int8Rows made;
  made.scales = scales.to(at::kFloat);
  made.zero_points = zero_points.to(at::kInt);
  const at::Tensor values = (rows * made.scales.reciprocal()).round_().add_(made.zero_points);
  made.values = values.clamp_(kLeast, kMost).to(at::kChar);
  return made;
}

at::Tensor row_sums(const Int8Weight& weight) { return weight.values.sum({1}, false, at::kInt); }

at::Tensor int8_dynamic_linear(const at::Tensor& x, const Int8Weight& weight,
                               const at::Tensor& weight_row_sums, const at::Tensor& bias) {
  const int64_t in_features = weight.values.size(1);
  const Int8Rows rows = quantize_activations(x.reshape({-1, in_features}));
  at::Tensor sums = whole_product(rows.values, weight.values);
  sums.addcmul_(rows.zero_points, weight_row_sums, -1);
  at::Tensor y = sums.to(at::kFloat).mul_(rows.scales).mul_(weight.scales);
  if (bias.defined()) y.add_(bias);
  std::vector<int64_t> shape = x.sizes().vec();
  shape.back() = weight.values.size(0);
  return y.reshape(shape);
}

}  // namespace acestep::nn
