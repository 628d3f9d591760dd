#include "audio/ending.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "audio/loudness.h"
#include "audio/mastering.h"

namespace acestep::audio {
namespace {

// Frames up to the end of the last 100 ms that are as loud as `least_lufs`.
int64_t frames_of_music(const Waveform& waveform, double least_lufs) {
  const std::vector<double> blocks = momentary_lufs(waveform);
  const auto is_music = [&](double lufs) { return lufs >= least_lufs; };
  const auto last = std::find_if(blocks.rbegin(), blocks.rend(), is_music);
  // What is left over behind the last whole block belongs to it.
  if (last == blocks.rbegin()) return waveform.frames();
  const auto count = static_cast<int64_t>(blocks.rend() - last);
  return count * (waveform.sample_rate_hz / kMomentaryPerSecond);
}

}  // namespace

Ending find_ending(const Waveform& waveform, const EndingRule& rule) {
  const int64_t rate_hz = waveform.sample_rate_hz;
  const int64_t all = waveform.frames();
  const double song_lufs = integrated_lufs(waveform);
  const Ending whole{.music_frames = all, .kept_frames = all};
  if (!std::isfinite(song_lufs)) return whole;
  const int64_t music = frames_of_music(waveform, song_lufs - rule.below_song_lu);
  const int64_t tail = frames_of(rule.kept_seconds, rate_hz);
  const int64_t kept = std::max(music + tail, frames_of(rule.least_seconds, rate_hz));
  if (all - kept < frames_of(rule.least_gain_seconds, rate_hz)) return whole;
  return {.music_frames = music, .kept_frames = kept, .fade_frames = tail};
}

void cut_at(Waveform& waveform, const Ending& ending) {
  const int64_t all = waveform.frames();
  if (ending.kept_frames >= all) return;
  Waveform cut(waveform.sample_rate_hz, waveform.channels, ending.kept_frames);
  for (int64_t c = 0; c < waveform.channels; ++c) {
    const auto from = waveform.channel(c);
    std::copy_n(from.begin(), ending.kept_frames, cut.channel(c).begin());
  }
  apply_fades(cut, {.out_frames = ending.fade_frames});
  waveform = std::move(cut);
}

}  // namespace acestep::audio
