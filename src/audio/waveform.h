// Decoded sound in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace acestep::audio {

// Planar: all samples of the first channel, then all of the second. Full scale is ±1.
struct Waveform {
  Waveform() = default;
  // Silence.
  Waveform(int64_t rate_hz, int64_t channel_count, int64_t frame_count)
      : sample_rate_hz(rate_hz),
        channels(channel_count),
        samples(static_cast<std::size_t>(channel_count) * static_cast<std::size_t>(frame_count)) {}

  // Samples per channel.
  int64_t frames() const {
    return channels == 0 ? 0 : static_cast<int64_t>(samples.size()) / channels;
  }
  double seconds() const {
    return static_cast<double>(frames()) / static_cast<double>(sample_rate_hz);
  }
  // One channel's samples; valid until `samples` is resized.
  std::span<float> channel(int64_t index) {
    return std::span(samples).subspan(static_cast<std::size_t>(index * frames()),
                                      static_cast<std::size_t>(frames()));
  }
  std::span<const float> channel(int64_t index) const {
    return std::span(samples).subspan(static_cast<std::size_t>(index * frames()),
                                      static_cast<std::size_t>(frames()));
  }

  int64_t sample_rate_hz = 48000;
  int64_t channels = 0;
  std::vector<float> samples;
};

}  // namespace acestep::audio
