// How firmly a repaint holds on to its source, from the mode and strength that a user gives.
#pragma once

#include <cstdint>
#include <string>

namespace acestep::condition {

struct RepaintStrength {
  double injection_ratio = 0.0;  // share of the steps after which the source is put back
  int64_t latent_crossfade_frames = 0;
  double wave_crossfade_seconds = 0.0;
};

// mode: "conservative", "balanced" (strength 0 … 1: 1 lets go entirely) or "aggressive".
// Throws Error kUsage for any other mode.
RepaintStrength resolve_repaint_strength(const std::string& mode, double strength);

}  // namespace acestep::condition
