#include "diffusion/solver.h"

#include <ATen/ATen.h>

#include <string>

#include "util/error.h"

namespace acestep::diffusion {

at::Tensor limit_velocity(const at::Tensor& velocity, const at::Tensor& x, double threshold) {
  if (threshold <= 0.0) return velocity;
  constexpr double kSmallestNorm = 1e-10;  // reference: generate_audio
  const auto song_norm = [](const at::Tensor& v) {
    return at::linalg_vector_norm(v, 2, {1, 2}, /*keepdim=*/true).add(kSmallestNorm);
  };
  return velocity * (song_norm(x).mul(threshold) / song_norm(velocity)).clamp_max(1.0);
}

at::Tensor smooth_velocity(const at::Tensor& velocity, const at::Tensor& previous, double factor) {
  if (factor <= 0.0 || !previous.defined()) return velocity;
  return velocity * (1.0 - factor) + previous * factor;
}

at::Tensor follow(const at::Tensor& x, const at::Tensor& velocity, float t, float t_next) {
  return x - velocity * (t - t_next);
}

at::Tensor clean_estimate(const at::Tensor& x, const at::Tensor& velocity, float t) {
  return x - velocity * t;
}

at::Tensor add_noise(const at::Tensor& clean, const at::Tensor& noise, double level) {
  return noise * level + clean * (1.0 - level);
}

void require_finite(const at::Tensor& x, int64_t step, int64_t steps) {
  if (at::isfinite(x.sum()).item<bool>()) return;
  throw Error(ErrorCode::kRejected,
              "denoise: the latents have NaN or Inf after step " + std::to_string(step + 1) +
                  " of " + std::to_string(steps),
              "try --dtype fp32; if it stays, the model's files may be damaged");
}

}  // namespace acestep::diffusion
