// Brings sound read from a file into the shape the models work with.
#pragma once

#include <cstdint>

#include "audio/waveform.h"

namespace acestep::audio {

// Windowed-sinc conversion equal to the reference's default (torchaudio Resample: Hann window of 6
// zero crossings, 0.99 of the lower rate's bandwidth). Both rates must be positive.
Waveform resample(const Waveform& waveform, int64_t target_rate_hz);
// How many frames the result has.
int64_t resampled_frames(const Waveform& waveform, int64_t target_rate_hz);

// Mono doubled, channels beyond the second dropped, resampled, clipped to [-1, 1]
// (reference: io_audio.py). The waveform must have a channel.
Waveform to_stereo(const Waveform& waveform, int64_t target_rate_hz);

}  // namespace acestep::audio
