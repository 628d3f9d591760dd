// What the published models take, for plans made before a file is there to be measured.
#pragma once

#include <cstdint>
#include <optional>

#include "plan/tier.h"
#include "plan/transformer.h"

namespace acestep::plan {

// GiB in 16-bit weights (reference: gpu_config.py).
double dit_gib(const DitKind& kind);
double lm_gib(LmSize size);        // weights
double lm_cache_gib(LmSize size);  // 4096 tokens

struct WholeSong {
  DitKind dit = {};
  int64_t songs = 1;  // computed together
  double seconds = 60;
  std::optional<LmSize> lm = {};
};

// Everything on the card at once, with 0.5 GiB to spare: the reference's figure. It knows neither
// offload nor INT8, so it is the most that a song can take.
double resident_gib(const WholeSong& song);

}  // namespace acestep::plan
