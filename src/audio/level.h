// Brings a sound to a loudness by its volume alone.
#pragma once

#include <optional>

#include "audio/waveform.h"

namespace acestep::audio {

struct LevelTarget {
  std::optional<double> lufs = {};          // integrated loudness; absent: only the limit counts
  std::optional<double> true_peak_db = {};  // not exceeded, whatever becomes of the loudness
};

// What a sound has become; minus infinity for silence.
struct Level {
  double lufs = 0.0;
  std::optional<double> true_peak_db = {};  // where there was a limit
  bool is_held_back = false;                // the limit did not allow the loudness
};

// Multiplies every sample with one number, so that the sound keeps its dynamics: no compressor, no
// limiter. What has no loudness (silence, less than 0.4 s) gets none; the limit holds all the same.
Level set_level(Waveform& waveform, const LevelTarget& target);

}  // namespace acestep::audio
