#include "audio/mastering.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "util/error.h"

namespace acestep::audio {
namespace {

// `count` evenly spaced values from `from` to `to`, both included. Counted from the nearer end, as
// the reference's linspace does, so that both ends are exact.
float on_line(float from, float to, int64_t index, int64_t count) {
  if (count == 1) return from;
  const float step = (to - from) / static_cast<float>(count - 1);
  return index < count / 2 ? from + step * static_cast<float>(index)
                           : to - step * static_cast<float>(count - 1 - index);
}

int64_t clipped_frame(double seconds, int64_t rate_hz, int64_t lowest, int64_t highest) {
  const double frame = std::trunc(seconds * static_cast<double>(rate_hz));
  return static_cast<int64_t>(
      std::clamp(frame, static_cast<double>(lowest), static_cast<double>(highest)));
}

// Share of the painted sound at every frame: 1 inside [start, end), ramps outside, 0 beyond.
std::vector<float> painted_share(int64_t total, int64_t start, int64_t end, int64_t crossfade) {
  std::vector<float> share(static_cast<std::size_t>(total), 0.0F);
  std::fill(share.begin() + start, share.begin() + end, 1.0F);
  const int64_t before = std::min(start, std::max<int64_t>(crossfade, 0));
  const int64_t after = std::min(total - end, std::max<int64_t>(crossfade, 0));
  for (int64_t i = 0; i < before; ++i) {
    share[static_cast<std::size_t>(start - before + i)] = on_line(0.0F, 1.0F, i + 1, before + 2);
  }
  for (int64_t i = 0; i < after; ++i) {
    share[static_cast<std::size_t>(end + i)] = on_line(1.0F, 0.0F, i + 1, after + 2);
  }
  return share;
}

}  // namespace

float peak(const Waveform& waveform) {
  float highest = 0.0F;
  for (const float sample : waveform.samples) highest = std::max(highest, std::fabs(sample));
  return highest;
}

void normalize_peak(Waveform& waveform, double target_db) {
  const float highest = peak(waveform);
  if (highest < kSilencePeak) return;
  constexpr double kDbPerDecade = 20.0;
  // In float32 and through the reciprocal, as the reference divides a number by a tensor.
  const float gain = 1.0F / highest * static_cast<float>(std::pow(10.0, target_db / kDbPerDecade));
  for (float& sample : waveform.samples) sample *= gain;
}

void apply_fades(Waveform& waveform, const Fades& fades) {
  const int64_t total = waveform.frames();
  const int64_t in = std::clamp<int64_t>(fades.in_frames, 0, total);
  const int64_t out = std::clamp<int64_t>(fades.out_frames, 0, total);
  for (int64_t c = 0; c < waveform.channels; ++c) {
    const std::span<float> samples = waveform.channel(c);
    for (int64_t i = 0; i < in; ++i) {
      samples[static_cast<std::size_t>(i)] *= on_line(0.0F, 1.0F, i, in);
    }
    for (int64_t i = 0; i < out; ++i) {
      samples[static_cast<std::size_t>(total - out + i)] *= on_line(1.0F, 0.0F, i, out);
    }
  }
}

int64_t frames_of(double seconds, int64_t sample_rate_hz) {
  // nearbyint rounds halves to even in the default rounding mode, which nothing here changes.
  return static_cast<int64_t>(std::nearbyint(seconds * static_cast<double>(sample_rate_hz)));
}

void splice_original(Waveform& painted, const Waveform& original, const RepaintSpan& span) {
  splice_original(painted, original, std::vector<RepaintSpan>{span});
}

void splice_original(Waveform& painted, const Waveform& original,
                     const std::vector<RepaintSpan>& spans) {
  ACE_CHECK(painted.sample_rate_hz == original.sample_rate_hz);
  ACE_CHECK(painted.channels == original.channels);
  const int64_t rate = painted.sample_rate_hz;
  const int64_t total = std::min(painted.frames(), original.frames());
  std::vector<float> share(static_cast<std::size_t>(total), 0.0F);
  for (const RepaintSpan& span : spans) {
    const int64_t start = clipped_frame(span.start_seconds, rate, 0, total);
    const int64_t end = clipped_frame(span.end_seconds, rate, start, total);
    if (start == 0 && end >= total) return;
    const auto crossfade = static_cast<int64_t>(span.crossfade_seconds * static_cast<double>(rate));
    const std::vector<float> own = painted_share(total, start, end, crossfade);
    std::transform(share.begin(), share.end(), own.begin(), share.begin(),
                   [](float a, float b) { return std::max(a, b); });
  }
  for (int64_t c = 0; c < painted.channels; ++c) {
    const std::span<float> ours = painted.channel(c);
    const std::span<const float> theirs = original.channel(c);
    for (std::size_t i = 0; i < share.size(); ++i) {
      ours[i] = share[i] * ours[i] + (1.0F - share[i]) * theirs[i];
    }
  }
}

void require_finite(const Waveform& waveform, std::string_view stage) {
  const auto is_bad = [](float sample) { return !std::isfinite(sample); };
  const auto found = std::find_if(waveform.samples.begin(), waveform.samples.end(), is_bad);
  if (found == waveform.samples.end()) return;
  const int64_t index = found - waveform.samples.begin();
  const int64_t frame = index % waveform.frames();
  throw Error(ErrorCode::kRejected,
              std::string(stage) + ": sample " + std::to_string(frame) + " (second " +
                  std::to_string(static_cast<double>(frame) /
                                 static_cast<double>(waveform.sample_rate_hz)) +
                  ") of channel " + std::to_string(index / waveform.frames() + 1) + " is " +
                  (std::isnan(*found) ? "NaN" : "infinite"),
              "try --dtype fp32; if it stays, a checkpoint file is damaged");
}

void require_audible(const Waveform& waveform, std::string_view stage) {
  if (peak(waveform) >= kSilencePeak) return;
  throw Error(ErrorCode::kRejected, std::string(stage) + ": the audio is silent",
              "the checkpoint files may not belong together");
}

}  // namespace acestep::audio
