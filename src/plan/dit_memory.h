// Rehearses the diffusion transformer (models/dit.h).
#pragma once

#include <cstdint>
#include <vector>

#include "plan/stage_memory.h"

namespace acestep::plan {

// The sizes of one forward; rows: songs, twice with guidance.
struct Forward {
  const DitFacts& dit;
  int64_t rows = 1;
  int64_t frames = 1;
  int64_t conditions = 1;  // rows of the packed conditions

  int64_t patches() const { return (frames + dit.patch_frames - 1) / dit.patch_frames; }
  int64_t positions() const { return rows * patches(); }
  int64_t width() const { return positions() * dit.decoder.hidden; }
};

// models::Dit::prepare -> keys and values of all layers.
std::vector<Tensor> cross_states(const Rehearsal& run, const Forward& at);

// models::Dit::velocity -> [B, T, 64] float32.
Tensor dit_velocity(const Rehearsal& run, const Forward& at);

// pipeline::ListenStage: one song, whose latents are there.
void listen(const Rehearsal& run, const DitFacts& dit, const SongShape& song);

}  // namespace acestep::plan
