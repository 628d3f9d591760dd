// Rehearses what both halves of the VAE are made of.
#pragma once

#include <cstdint>

#include "plan/layer_memory.h"
#include "plan/song_models.h"

namespace acestep::plan {

inline constexpr int kResidualUnits = 3;  // as in src/models/oobleck_residual_unit.cpp

// A signal on its way through the VAE.
struct Signal {
  int64_t channels = 1;
  int64_t length = 1;

  int64_t numbers() const { return channels * length; }
};

// 1920 for the published VAE.
int64_t samples_per_frame(const VaeFacts& vae);

// The VAE computes in the type of its weights.
Tensor signal_of(const Rehearsal& run, const Signal& signal);

// nn::Snake in place: float32, a part of the signal at a time.
void bend(const Rehearsal& run, const Signal& signal);

// models::OobleckResidualUnit; its input stays alive beside it.
Tensor residual_unit(const Rehearsal& run, const Signal& signal);

}  // namespace acestep::plan
