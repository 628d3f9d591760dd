// Sound, latents and audio codes into one another, outside of songs.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "audio/waveform.h"
#include "pipeline/components.h"
#include "pipeline/engine_options.h"
#include "song/stage_context.h"

namespace acestep::pipeline {

// All references must outlive the codec. Stages are told to the context's observer; what is given
// up for lack of memory, too.
struct SoundCodec {
  Components& components;
  const EngineOptions& options;
  const song::StageContext& context;

  // sound: 48 kHz, stereo. Returns [T, 64] float32 on the CPU, sampled with `generator`.
  at::Tensor encode(const audio::Waveform& sound, at::Generator& generator) const;

  // latents: [T, 64]. Returns T·1920 samples as decoded: peaks may exceed full scale.
  audio::Waveform decode(const at::Tensor& latents) const;

  // latents: [T, 64]. Returns ceil(T / 5) codes, five a second (reference:
  // convert_src_audio_to_codes).
  std::vector<int64_t> tokenize(const at::Tensor& latents) const;
};

// How close a sound is to another one of which it has all or the first samples; full scale is 1.
struct SoundDistance {
  double snr_db = 0.0;   // signal to noise; infinite for equal sounds
  double psnr_db = 0.0;  // full scale to noise
  double noise_rms = 0.0;
};

// Absent: they have no sample in common, or another rate or number of channels.
std::optional<SoundDistance> distance(const audio::Waveform& sound,
                                      const audio::Waveform& reference);

}  // namespace acestep::pipeline
