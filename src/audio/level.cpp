#include "audio/level.h"

#include <algorithm>
#include <cmath>

#include "audio/loudness.h"

namespace acestep::audio {
namespace {

constexpr double kDbPerDecade = 20.0;
// Between two measurements of one song: far below what ears or meters tell apart.
constexpr double kSameLoudnessLu = 0.05;

void multiply(Waveform& waveform, double gain_db) {
  const auto gain = static_cast<float>(std::pow(10.0, gain_db / kDbPerDecade));
  for (float& sample : waveform.samples) sample *= gain;
}

}  // namespace

Level set_level(Waveform& waveform, const LevelTarget& target) {
  Level level{.lufs = integrated_lufs(waveform)};
  double gain_db = 0.0;
  if (target.lufs && std::isfinite(level.lufs)) gain_db = *target.lufs - level.lufs;
  if (target.true_peak_db) {
    const double peak_db = true_peak_db(waveform);
    gain_db = std::min(gain_db, *target.true_peak_db - peak_db);
    level.true_peak_db = peak_db + gain_db;
  }
  if (gain_db != 0.0) {
    multiply(waveform, gain_db);
    level.lufs = integrated_lufs(waveform);
  }
  level.is_held_back = target.lufs && !(level.lufs > *target.lufs - kSameLoudnessLu);
  return level;
}

}  // namespace acestep::audio
