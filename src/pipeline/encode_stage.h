// The VAE's other stage: sound becomes latents, whatever room the device has.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "audio/waveform.h"
#include "codec/tiles.h"
#include "models/oobleck_encoder.h"
#include "pipeline/components.h"
#include "pipeline/engine_options.h"
#include "song/stage_context.h"

namespace acestep::pipeline {

// Per batch and song: [T, 64] float32 on the CPU.
using SongLatents = std::vector<std::vector<at::Tensor>>;

// Samples latents of a distribution with one draw for the whole sound, so that they do not depend
// on the windows it was encoded in. mean, std: [1, 64, T]. Returns [T, 64] float32 on the CPU.
at::Tensor sample_latents(const models::LatentDistribution& distribution, at::Generator& generator);

// What was given up for one sound stays given up for the next ones. Not thread-safe.
class EncodeStage {
 public:
  // All references must outlive the stage.
  EncodeStage(Components& components, const EngineOptions& options,
              const song::StageContext& context)
      : components_(components), options_(options), context_(context) {}

  // sound: 48 kHz stereo, at least one latent frame. Returns sampled latents [T, 64] float32 on the
  // CPU, T = samples / 1920 rounded down. With follows_reference every window draws its own noise,
  // as the reference does. Where memory runs out: idle models leave, smaller windows, the
  // processor; each is told. Throws Error kMemory when nothing helps, and what codec::encode_tiles
  // throws.
  at::Tensor run(const audio::Waveform& sound, at::Generator& generator);

  // What run() samples from without follows_reference: [1, 64, T] each, on the CPU. For several
  // songs of one sound.
  models::LatentDistribution distribution(const audio::Waveform& sound);

  // Latent frames encoded at once for the last sound, without their overlap.
  int64_t window_frames() const { return window_frames_; }

 private:
  struct Place {
    int64_t window_frames = 0;
    int64_t overlap_frames = 0;
    bool is_on_cpu = false;
  };

  Place choose_place(int64_t frames) const;
  template <typename Encode>
  void climb(const audio::Waveform& sound, const Encode& encode);

  std::optional<song::Adjustment> halve_windows();
  std::optional<song::Adjustment> move_to_cpu();

  Components& components_;
  const EngineOptions& options_;
  const song::StageContext& context_;
  std::optional<Place> place_;
  bool has_given_up_ = false;
  int64_t window_frames_ = 0;
};

}  // namespace acestep::pipeline
