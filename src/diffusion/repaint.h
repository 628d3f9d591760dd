// Keeps the preserved part of a repainted song: at every step of the loop and at the seams
// afterwards.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace acestep::diffusion {

// Letters: B songs, T latent frames, C channels. A repaint mask [B, T] is true where the song is
// new.

// Replaces the preserved frames of the state by the source at the same noise level, t·noise +
// (1−t)·clean. state, noise, clean: [B, T, C]; mask: [B, T] bool; t: noise level after the step, 1
// to 0.
at::Tensor inject(const at::Tensor& state, const at::Tensor& clean, const at::Tensor& mask,
                  double t, const at::Tensor& noise);

// 1 inside the repainted parts, linear ramps of up to `crossfade_frames` in the preserved part on
// both sides of every part, 0 beyond; where two ramps meet the higher one counts. [B, T] bool ->
// [B, T] float32.
at::Tensor soft_mask(const at::Tensor& mask, int64_t crossfade_frames);

// Crossfades the finished latents with the source by soft_mask.
// generated, clean: [B, T, C]; mask: [B, T] bool. Returns [B, T, C].
at::Tensor blend(const at::Tensor& generated, const at::Tensor& clean, const at::Tensor& mask,
                 int64_t crossfade_frames);

}  // namespace acestep::diffusion
