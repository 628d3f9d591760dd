// Classifier-free guidance: how the velocity moves away from the unconditional one.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

namespace acestep::diffusion {

// Plain guidance: uncond + scale·(cond − uncond). All tensors of this file: [B, T, 64] float32.
at::Tensor plain_guidance(const at::Tensor& cond, const at::Tensor& uncond, double scale);

// Adaptive projected guidance: the difference, smoothed over the steps by a (negative) momentum and
// limited in norm, acts only across the conditional velocity, never along it.
class ProjectedGuidance {
 public:
  // Moves the momentum on: call once per step.
  at::Tensor operator()(const at::Tensor& cond, const at::Tensor& uncond, double scale);
  // Moves the momentum on by a difference, without a velocity.
  void advance(const at::Tensor& difference);

  // The running difference; undefined before the first call.
  const at::Tensor& momentum() const { return momentum_; }

 private:
  at::Tensor momentum_;
};

struct AngleOptions {
  std::optional<double> largest_angle = 3.14 / 6;  // radians (reference: adg_forward); absent: any
  bool keeps_norm = false;  // the clean estimate keeps the conditional one's norm over time
};

// Angle-based guidance: turns the clean estimate of every frame away from the unconditional one.
// x: the latents both velocities belong to; t: their level, > 0.
at::Tensor angle_guidance(const at::Tensor& x, const at::Tensor& cond, const at::Tensor& uncond,
                          double t, double scale, const AngleOptions& options = {});

struct GuidanceOptions {
  double scale = 1.0;           // <= 1: no guidance, the model is asked once per step
  bool uses_angle = false;      // angle-based instead of projected
  double interval_start = 0.0;  // guidance acts where interval_start <= t <= interval_end
  double interval_end = 1.0;
};

// The guidance of one song from its first step to its last.
class Guidance {
 public:
  explicit Guidance(const GuidanceOptions& options) : options_(options) {}

  bool is_active() const { return options_.scale > 1.0; }
  // The guided velocity of a step at x and level t.
  at::Tensor operator()(const at::Tensor& x, const at::Tensor& cond, const at::Tensor& uncond,
                        float t);
  // The same for a step's second evaluation (Heun): plain instead of projected, so that the
  // momentum moves once per step.
  at::Tensor correction(const at::Tensor& x, const at::Tensor& cond, const at::Tensor& uncond,
                        float t) const;
  // For a step of several evaluations, each guided by a copy of this: moves the momentum on once,
  // by the mean of their differences, cond − uncond. By projection only.
  void advance(const at::Tensor& mean_difference, float t);

 private:
  bool acts_at(float t) const;

  GuidanceOptions options_;
  ProjectedGuidance projected_;
};

}  // namespace acestep::diffusion
