// The arithmetic on either side of the VAE decoder: scaling latents before, limiting peaks after.
#pragma once

#include <ATen/core/Tensor.h>

#include "audio/waveform.h"

namespace acestep::codec {

struct LatentScaling {
  double shift = 0.0;
  double rescale = 1.0;
};

// latents · rescale + shift, in float32; the same tensor when both are at their defaults.
at::Tensor scale_latents(const at::Tensor& latents, const LatentScaling& scaling);

// audio: [B, channels, samples] float32, changed in place: when any item's peak exceeds 1, every
// item is divided by the larger of its own peak and 1.
void limit_peaks(at::Tensor& audio);

// audio: [channels, samples], any device and float dtype.
audio::Waveform to_waveform(const at::Tensor& audio, int64_t sample_rate_hz);
// [channels, samples] float32 on the CPU; a copy.
at::Tensor to_tensor(const audio::Waveform& waveform);

}  // namespace acestep::codec
