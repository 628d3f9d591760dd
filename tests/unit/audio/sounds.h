// Sounds for the tests of audio files.
#pragma once

#include <cmath>

#include "audio/waveform.h"
#include "unit/util/temp_folder.h"

namespace acestep::audio {

// A quiet sine in every channel, each a little slower than the one before.
inline Waveform sine(int64_t frames, int64_t channels = 2, int64_t rate_hz = 48000) {
  Waveform waveform(rate_hz, channels, frames);
  for (int64_t c = 0; c < channels; ++c) {
    const auto samples = waveform.channel(c);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      samples[i] = 0.4F * std::sin(0.05F * static_cast<float>(i) / static_cast<float>(c + 1));
    }
  }
  return waveform;
}

using acestep::testing::message_of;

}  // namespace acestep::audio
