// Whether a planned song fits its device, and what is given up until it does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan/memory_estimate.h"
#include "plan/plan.h"

namespace acestep::plan {

// A stage and what lies on the device meanwhile.
struct StagePlan {
  StageNeed need = {};
  uint64_t beside_bytes = 0;  // weights of other stages' models that stay
  bool is_on_cpu = false;     // takes nothing of the device

  uint64_t device_bytes() const { return is_on_cpu ? 0 : need.bytes() + beside_bytes; }
};

// A song without a source has nothing to encode.
inline bool is_used(const StagePlan& stage) {
  return stage.need.stage != "encode" || stage.need.bytes() > 0;
}

struct MemoryPlan {
  std::vector<StagePlan> stages = {};
  int64_t tile_frames = 0;    // that the VAE decodes at once
  int64_t window_frames = 0;  // that it encodes at once
  bool previews_on_device = false;

  uint64_t peak_bytes() const;
};

// What is known about the song and its models.
struct MemoryFacts {
  const SongModels& models;
  SongShape song = {};
  NumberBytes numbers = {};
  uint64_t free_bytes = 0;                    // of the device
  bool keeps_models = false;                  // from one request to the next
  std::optional<int64_t> window_frames = {};  // that the VAE encodes at once; absent: what fits
};

// For the plan as it stands, with the largest tile that fits.
MemoryPlan plan_memory(const Plan& plan, const MemoryFacts& facts);

// Changes the plan until its song fits: fewer songs together, then offload of idle models, of the
// DiT, streaming of its blocks, and the processor for the language model and for the VAE. What the
// user decided stays. Each change is an adjustment. Throws Error kMemory with a table of need and
// free memory when nothing is left to give up.
MemoryPlan fit_to_memory(Plan& plan, const MemoryFacts& facts);

}  // namespace acestep::plan
