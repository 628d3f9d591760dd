// One step of the sampler: what is done to a velocity, and where it leads.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace acestep::diffusion {

enum class SolverMethod {
  kEuler,
  kHeun,  // second order: two model calls per step
  kSde,   // jump to the clean estimate, then add fresh noise
};

// All tensors of this file: [B, T, 64] float32.

// Scales a velocity down to threshold·‖x‖ where it is longer, per song; threshold <= 0: unchanged.
at::Tensor limit_velocity(const at::Tensor& velocity, const at::Tensor& x, double threshold);

// (1 − factor)·velocity + factor·previous; unchanged for factor <= 0 or an undefined `previous`.
at::Tensor smooth_velocity(const at::Tensor& velocity, const at::Tensor& previous, double factor);

// Where x goes along `velocity` from level t to level t_next.
at::Tensor follow(const at::Tensor& x, const at::Tensor& velocity, float t, float t_next);

// The clean song that x at level t points to.
at::Tensor clean_estimate(const at::Tensor& x, const at::Tensor& velocity, float t);

// level·noise + (1 − level)·clean.
at::Tensor add_noise(const at::Tensor& clean, const at::Tensor& noise, double level);

// Throws Error kRejected when x, the result of step `step` (from 0) of `steps`, is not finite. The
// one look at values per step: it also makes a device finish the step before progress is told.
void require_finite(const at::Tensor& x, int64_t step, int64_t steps);

}  // namespace acestep::diffusion
