#include "diffusion/guidance.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace acestep::diffusion {
namespace {

constexpr double kMomentum = -0.75;     // reference: apg_guidance.py::MomentumBuffer
constexpr double kNormThreshold = 2.5;  // reference: apg_forward
constexpr int64_t kTime = 1;
constexpr int64_t kChannels = 2;

// `v` without its part along `direction`, per channel over time; in float64.
at::Tensor across(const at::Tensor& v, const at::Tensor& direction) {
  constexpr double kSmallestNorm = 1e-12;  // torch.nn.functional.normalize
  const at::Tensor wide = v.to(at::kDouble);
  at::Tensor unit = direction.to(at::kDouble);
  unit = unit / at::linalg_vector_norm(unit, 2, {kTime}, /*keepdim=*/true).clamp_min(kSmallestNorm);
  return (wide - (wide * unit).sum({kTime}, /*keepdim=*/true) * unit).to(v.scalar_type());
}

at::Tensor frame_norm(const at::Tensor& x) {
  return at::linalg_vector_norm(x, 2, {kChannels}, /*keepdim=*/true);
}

// Angle between two clean estimates of every frame, [B, T, 1] float64.
at::Tensor angle_between(const at::Tensor& a, const at::Tensor& b) {
  constexpr double kLargestCosine = 1.0 - 1e-6;  // keeps the angle's slope finite
  const at::Tensor wide_a = a.to(at::kDouble);
  const at::Tensor wide_b = b.to(at::kDouble);
  const at::Tensor cosine = ((wide_a / frame_norm(wide_a)) * (wide_b / frame_norm(wide_b)))
                                .sum({kChannels}, /*keepdim=*/true);
  return cosine.clamp(-kLargestCosine, kLargestCosine).acos();
}

// `v` without its part along `direction`, per frame over the channels.
at::Tensor perpendicular(const at::Tensor& v, const at::Tensor& direction) {
  constexpr double kSmallestSquare = 1e-8;  // reference: compute_perpendicular_component
  const at::Tensor dot = (v * direction).sum({kChannels}, /*keepdim=*/true);
  const at::Tensor square = (direction * direction).sum({kChannels}, /*keepdim=*/true);
  return v - dot / (square + kSmallestSquare) * direction;
}

}  // namespace

at::Tensor plain_guidance(const at::Tensor& cond, const at::Tensor& uncond, double scale) {
  return uncond + (cond - uncond) * scale;
}

at::Tensor ProjectedGuidance::operator()(const at::Tensor& cond, const at::Tensor& uncond,
                                         double scale) {
  advance(cond - uncond);
  const at::Tensor norm = at::linalg_vector_norm(momentum_, 2, {kTime}, /*keepdim=*/true);
  const at::Tensor limited = momentum_ * norm.reciprocal().mul(kNormThreshold).clamp_max(1.0);
  return cond + across(limited, cond) * (scale - 1.0);
}

void ProjectedGuidance::advance(const at::Tensor& difference) {
  momentum_ = momentum_.defined() ? difference + momentum_ * kMomentum : difference;
}

at::Tensor angle_guidance(const at::Tensor& x, const at::Tensor& cond, const at::Tensor& uncond,
                          double t, double scale, const AngleOptions& options) {
  constexpr double kSmallestSine = 1e-3;
  const double weight = std::max(scale - 1.0, 0.0) + 1e-3;
  const at::Tensor clean_cond = x - cond * t;
  const at::Tensor clean_uncond = x - uncond * t;

  const at::Tensor angle = angle_between(clean_cond, clean_uncond);
  at::Tensor wanted = angle * weight;
  if (options.largest_angle) wanted = wanted.clamp(-*options.largest_angle, *options.largest_angle);

  const at::Tensor side = perpendicular(clean_cond - clean_uncond, clean_uncond);
  const at::Tensor sine = angle.sin();
  const at::Tensor amount =
      at::where(sine > kSmallestSine, wanted.sin() / sine, at::full_like(sine, weight));
  at::Tensor clean = wanted.cos() * clean_cond + side * amount;
  if (options.keeps_norm) {
    clean = clean * at::linalg_vector_norm(clean_cond, 2, {kTime}, /*keepdim=*/true) /
            at::linalg_vector_norm(clean, 2, {kTime}, /*keepdim=*/true);
  }
  return ((x - clean) / t).to(x.scalar_type());
}

// Compared in float32: the schedule's own precision.
bool Guidance::acts_at(float t) const {
  return t >= static_cast<float>(options_.interval_start) &&
         t <= static_cast<float>(options_.interval_end);
}

at::Tensor Guidance::operator()(const at::Tensor& x, const at::Tensor& cond,
                                const at::Tensor& uncond, float t) {
  if (!acts_at(t)) return cond;
  if (options_.uses_angle) return angle_guidance(x, cond, uncond, t, options_.scale);
  return projected_(cond, uncond, options_.scale);
}

void Guidance::advance(const at::Tensor& mean_difference, float t) {
  if (acts_at(t)) projected_.advance(mean_difference);
}

at::Tensor Guidance::correction(const at::Tensor& x, const at::Tensor& cond,
                                const at::Tensor& uncond, float t) const {
  if (!acts_at(t)) return cond;
  // At level 0 the angle's velocity would be divided by zero.
  if (options_.uses_angle && t > 0.0F) return angle_guidance(x, cond, uncond, t, options_.scale);
  return plain_guidance(cond, uncond, options_.scale);
}

}  // namespace acestep::diffusion
