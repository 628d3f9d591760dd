#include "adapters/weight_change.h"

#include <ATen/ATen.h>

#include <limits>

namespace acestep::adapters {
namespace {

// [out, rank, …] · [rank, in, …] -> [out, in · …]
at::Tensor product(const at::Tensor& up, const at::Tensor& down) {
  return at::mm(up.flatten(1), down.flatten(1));
}

// [a, b]
at::Tensor first_factor(const Parts& parts) {
  const auto whole = parts.find(Part::kW1);
  if (whole != parts.end()) return whole->second;
  return at::mm(parts.at(Part::kW1A), parts.at(Part::kW1B));
}

// [c, d, …]; the product of two matrices has the rest of a convolution's shape within d.
at::Tensor second_factor(const Parts& parts) {
  const auto whole = parts.find(Part::kW2);
  if (whole != parts.end()) return whole->second;
  const at::Tensor& a = parts.at(Part::kW2A);
  const at::Tensor& b = parts.at(Part::kW2B);
  const auto core = parts.find(Part::kT2);
  if (core == parts.end()) return product(a, b);
  return at::einsum("ij...,ip,jr->pr...", {core->second, a, b});
}

at::Tensor kronecker(const Parts& parts) {
  at::Tensor first = first_factor(parts);
  const at::Tensor second = second_factor(parts).contiguous();
  while (first.dim() < second.dim()) first = first.unsqueeze(-1);
  return at::kron(first, second);
}

// Lengths of rows, [out, 1]. lycoris keeps clear of zero by the smallest step of float32.
at::Tensor row_lengths(const at::Tensor& weight) { return weight.norm(2, {1}, true); }

at::Tensor rescaled(const Parts& parts, const at::Tensor& weight) {
  const at::Tensor rows = weight.flatten(1);
  if (const auto magnitude = parts.find(Part::kMagnitude); magnitude != parts.end()) {
    return (rows * (magnitude->second.reshape({-1, 1}) / row_lengths(rows))).reshape_as(weight);
  }
  const auto found = parts.find(Part::kDoraScale);
  if (found == parts.end()) return weight;
  constexpr double kStep = std::numeric_limits<float>::epsilon();
  const at::Tensor& scale = found->second;
  if (scale.size(0) == weight.size(0)) {
    const at::Tensor lengths = row_lengths(rows) + kStep;
    return (rows * (scale.reshape({-1, 1}) / lengths)).reshape_as(weight);
  }
  const at::Tensor columns = weight.transpose(0, 1).flatten(1);  // [in, out · …]
  const at::Tensor lengths = row_lengths(columns) + kStep;
  const at::Tensor changed = columns * (scale.reshape({-1, 1}) / lengths);
  return changed.reshape_as(weight.transpose(0, 1)).transpose(0, 1);
}

}  // namespace

// As a tensor the factor keeps out of the product's type, and is not checked to fit it.
at::Tensor scaled(const at::Tensor& tensor, double factor) {
  return tensor * at::scalar_tensor(factor, at::kDouble);
}

at::Tensor change_of(const Parts& parts, double factor, const at::Tensor& base) {
  const bool is_lora = parts.contains(Part::kUp);
  const at::Tensor flat =
      is_lora ? product(parts.at(Part::kUp), parts.at(Part::kDown)) : kronecker(parts);
  const at::Tensor change = scaled(flat.reshape(base.sizes()), factor);
  const bool has_lengths = parts.contains(Part::kMagnitude) || parts.contains(Part::kDoraScale);
  return has_lengths ? rescaled(parts, base + change) - base : change;
}

}  // namespace acestep::adapters
