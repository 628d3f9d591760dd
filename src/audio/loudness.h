// How loud a sound is to ears, and how high it rises between its samples.
#pragma once

#include <cstdint>
#include <vector>

#include "audio/waveform.h"

namespace acestep::audio {

// Integrated loudness in LUFS, gated (EBU R 128, ITU-R BS.1770-4). Minus infinity where no 0.4 s
// of the sound are louder than -70 LUFS.
double integrated_lufs(const Waveform& waveform);

inline constexpr int64_t kMomentaryPerSecond = 10;
// One number for each tenth of a second that is complete: loudness in LUFS of the 0.4 s that end
// with it, not gated; before the start there is silence. Minus infinity for silence.
std::vector<double> momentary_lufs(const Waveform& waveform);

// Highest magnitude, four times oversampled below 96 kHz, in dB of full scale; never below that of
// the samples. Minus infinity for silence.
double true_peak_db(const Waveform& waveform);

}  // namespace acestep::audio
