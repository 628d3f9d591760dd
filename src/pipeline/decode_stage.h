// The VAE's stage: latents become sound, whatever room the device has.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

#include "codec/tiles.h"
#include "memory/component.h"
#include "pipeline/components.h"
#include "pipeline/engine_options.h"
#include "song/stage_context.h"

namespace acestep::pipeline {

// How songs are decoded now. Each step down takes less of the device's memory.
struct DecodePlace {
  codec::Tiling tiling = {};
  bool holds_waveform = false;  // the device holds the whole song's sound until it is done
  bool is_on_cpu = false;
};

// Holds the decoder between songs. What was given up for one song stays given up for the next ones.
// Not thread-safe.
class DecodeStage {
 public:
  // All references must outlive the stage.
  DecodeStage(Components& components, const EngineOptions& options,
              const song::StageContext& context)
      : components_(components), options_(options), context_(context) {}

  // latents: [B, T, 64] float32 on any device. Returns [B, channels, samples] float32 on the CPU.
  // Where memory runs out: smaller tiles, then the sound in host memory, then the processor; each
  // is told. Throws Error kMemory when nothing helps, and what codec::decode_tiles throws.
  at::Tensor run(const at::Tensor& latents);

  // Latent frames decoded at once for the last song.
  int64_t tile_frames() const { return tile_frames_; }

 private:
  DecodePlace choose_place(const at::Tensor& latents) const;
  codec::Tiling choose_tiling(int64_t frames, uint64_t free_bytes) const;
  at::Tensor decode(const at::Tensor& latents);
  const models::OobleckDecoder& decoder();

  std::optional<song::Adjustment> halve_tiles();
  std::optional<song::Adjustment> free_waveform();
  std::optional<song::Adjustment> move_to_cpu();

  Components& components_;
  const EngineOptions& options_;
  const song::StageContext& context_;
  std::optional<DecodePlace> place_;  // of the song at hand
  bool has_given_up_ = false;         // something of what was chosen for it
  int64_t tile_frames_ = 0;
  std::optional<memory::Lease<models::OobleckDecoder>> lease_;
};

}  // namespace acestep::pipeline
