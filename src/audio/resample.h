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

struct Rates {
  int64_t from_hz = 0;
  int64_t to_hz = 0;
};
int64_t resampled_frames(int64_t frames, const Rates& rates);

// Frames from begin to before end.
struct FrameRange {
  int64_t begin = 0;
  int64_t end = 0;
};
// The frames that decide about `wanted` of the resampled sound. Some may lie before the sound's
// start or behind its end.
FrameRange frames_behind(const FrameRange& wanted, const Rates& rates);
// `wanted` of the resampled sound, bit for bit, from a piece of it: that starts at piece_begin, and
// holds what frames_behind() names as far as the sound has it.
Waveform resample_part(const Waveform& piece, int64_t piece_begin, const FrameRange& wanted,
                       int64_t target_rate_hz);

// Mono doubled, channels beyond the second dropped, resampled, clipped to [-1, 1]
// (reference: io_audio.py). The waveform must have a channel.
Waveform to_stereo(const Waveform& waveform, int64_t target_rate_hz);
// The first and last of these steps.
Waveform two_channels(const Waveform& waveform);
void clip(Waveform& waveform);

}  // namespace acestep::audio
