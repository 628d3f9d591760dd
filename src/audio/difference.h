// How far one sound is from another.
#pragma once

#include <optional>

#include "audio/waveform.h"

namespace acestep::audio {

// Signal-to-noise ratio of `song` in dB where `reference` is the signal and their difference the
// noise: infinite when they are equal, below 0 when they have nothing in common. Absent when they
// differ in rate, channels or length.
std::optional<double> signal_to_noise_db(const Waveform& song, const Waveform& reference);

}  // namespace acestep::audio
