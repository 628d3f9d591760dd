#include "audio/resample.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <span>

#include "util/error.h"

namespace acestep::audio {
namespace {

// Defaults of torchaudio's Resample.
constexpr double kZeroCrossings = 6.0;
constexpr double kRolloff = 0.99;

// The filter of one output phase: `taps` meet the input from `first_input` on, relative to the
// start of the phase's group of inputs. Taps that the window makes zero are left out.
struct Phase {
  int64_t first_input = 0;
  std::vector<float> taps;
};

// Rates divided by their greatest common divisor: every `from` inputs give `to` outputs.
struct Ratio {
  int64_t from = 1;
  int64_t to = 1;
};

// Position `t` in zero crossings from the filter's centre.
double filter_at(double t) {
  const double window = std::cos(t * std::numbers::pi / kZeroCrossings / 2.0);
  const double angle = t * std::numbers::pi;
  const double sinc = angle == 0.0 ? 1.0 : std::sin(angle) / angle;
  return sinc * window * window;
}

Phase make_phase(const Ratio& ratio, int64_t phase) {
  const auto from = static_cast<double>(ratio.from);
  const double cutoff = static_cast<double>(std::min(ratio.from, ratio.to)) * kRolloff;
  const auto width = static_cast<int64_t>(std::ceil(kZeroCrossings * from / cutoff));
  // The reference rounds this quotient alone to float32.
  const double shift =
      static_cast<double>(static_cast<float>(-phase) / static_cast<float>(ratio.to));
  const auto centre = static_cast<int64_t>(std::floor(-shift * from));
  const int64_t end = std::min(centre + width + 2, width + ratio.from);
  Phase result;
  for (int64_t input = std::max(-width, centre - width - 1); input < end; ++input) {
    const double t = (shift + static_cast<double>(input) / from) * cutoff;
    if (std::fabs(t) >= kZeroCrossings) continue;
    if (result.taps.empty()) result.first_input = input;
    result.taps.push_back(static_cast<float>(filter_at(t) * (cutoff / from)));
  }
  return result;
}

// group_start: relative to the input's first sample.
double filtered(std::span<const float> input, int64_t group_start, const Phase& phase) {
  double sum = 0.0;
  const int64_t start = group_start + phase.first_input;
  const auto length = static_cast<int64_t>(input.size());
  const int64_t first_tap = std::max<int64_t>(0, -start);
  const int64_t end_tap = std::min(static_cast<int64_t>(phase.taps.size()), length - start);
  for (int64_t i = first_tap; i < end_tap; ++i) {
    sum += static_cast<double>(input[static_cast<std::size_t>(start + i)]) *
           static_cast<double>(phase.taps[static_cast<std::size_t>(i)]);
  }
  return sum;
}

Ratio ratio_of(int64_t from_hz, int64_t to_hz) {
  ACE_CHECK(from_hz > 0 && to_hz > 0);
  const int64_t divisor = std::gcd(from_hz, to_hz);
  return {from_hz / divisor, to_hz / divisor};
}

// The reference rounds the wished length to float32 before taking the ceiling.
int64_t output_frames(const Ratio& ratio, int64_t frames) {
  const double wished = static_cast<double>(ratio.to * frames) / static_cast<double>(ratio.from);
  const auto rounded = static_cast<int64_t>(std::ceil(static_cast<float>(wished)));
  const int64_t available = (frames / ratio.from + 1) * ratio.to;
  return std::min(rounded, available);
}

std::vector<Phase> make_phases(const Ratio& ratio) {
  std::vector<Phase> phases;
  for (int64_t phase = 0; phase < ratio.to; ++phase) phases.push_back(make_phase(ratio, phase));
  return phases;
}

}  // namespace

Waveform resample(const Waveform& waveform, int64_t target_rate_hz) {
  if (waveform.sample_rate_hz == target_rate_hz) return waveform;
  return resample_part(waveform, 0, {0, resampled_frames(waveform, target_rate_hz)},
                       target_rate_hz);
}

int64_t resampled_frames(int64_t frames, const Rates& rates) {
  if (rates.from_hz == rates.to_hz) return frames;
  return output_frames(ratio_of(rates.from_hz, rates.to_hz), frames);
}

int64_t resampled_frames(const Waveform& waveform, int64_t target_rate_hz) {
  return resampled_frames(waveform.frames(), {waveform.sample_rate_hz, target_rate_hz});
}

FrameRange frames_behind(const FrameRange& wanted, const Rates& rates) {
  if (rates.from_hz == rates.to_hz || wanted.begin >= wanted.end) return wanted;
  const Ratio ratio = ratio_of(rates.from_hz, rates.to_hz);
  // No tap lies farther from its group of inputs.
  const auto cutoff = static_cast<double>(std::min(ratio.from, ratio.to)) * kRolloff;
  const auto reach =
      static_cast<int64_t>(std::ceil(kZeroCrossings * static_cast<double>(ratio.from) / cutoff));
  return {wanted.begin / ratio.to * ratio.from - reach,
          ((wanted.end - 1) / ratio.to + 1) * ratio.from + reach};
}

Waveform resample_part(const Waveform& piece, int64_t piece_begin, const FrameRange& wanted,
                       int64_t target_rate_hz) {
  const Ratio ratio = ratio_of(piece.sample_rate_hz, target_rate_hz);
  const std::vector<Phase> phases = make_phases(ratio);
  Waveform result(target_rate_hz, piece.channels, wanted.end - wanted.begin);
  for (int64_t c = 0; c < piece.channels; ++c) {
    const std::span<const float> input = piece.channel(c);
    const std::span<float> output = result.channel(c);
    for (int64_t i = wanted.begin; i < wanted.end; ++i) {
      const int64_t group_start = i / ratio.to * ratio.from - piece_begin;
      const Phase& phase = phases[static_cast<std::size_t>(i % ratio.to)];
      output[static_cast<std::size_t>(i - wanted.begin)] =
          static_cast<float>(filtered(input, group_start, phase));
    }
  }
  return result;
}

Waveform two_channels(const Waveform& waveform) {
  ACE_CHECK(waveform.channels >= 1);
  Waveform stereo(waveform.sample_rate_hz, 2, waveform.frames());
  for (int64_t c = 0; c < stereo.channels; ++c) {
    const std::span<const float> source = waveform.channel(std::min(c, waveform.channels - 1));
    std::copy(source.begin(), source.end(), stereo.channel(c).begin());
  }
  return stereo;
}

void clip(Waveform& waveform) {
  for (float& sample : waveform.samples) sample = std::clamp(sample, -1.0F, 1.0F);
}

Waveform to_stereo(const Waveform& waveform, int64_t target_rate_hz) {
  Waveform stereo = two_channels(waveform);
  if (stereo.sample_rate_hz != target_rate_hz) stereo = resample(stereo, target_rate_hz);
  clip(stereo);
  return stereo;
}

}  // namespace acestep::audio
