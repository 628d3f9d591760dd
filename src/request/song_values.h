// What a song's metadata may be: the ranges and lists the models were trained on
// (reference: acestep/constants.py). Musical keys: request/keyscale.h.
#pragma once

#include <string>
#include <vector>

namespace acestep::request {

inline constexpr int kBpmMin = 30;
inline constexpr int kBpmMax = 300;
inline constexpr int kDurationMinSeconds = 10;
inline constexpr int kDurationMaxSeconds = 600;

// 50 language codes and "unknown".
const std::vector<std::string>& vocal_languages();

// Beats per bar: "2", "3", "4", "6".
const std::vector<std::string>& time_signatures();

// Names of the wavelets of dcw_wavelet: haar, db1 … db20, sym2 … sym20 (PyWavelets' names).
const std::vector<std::string>& wavelets();

// The 20 noise levels that turbo models were trained on, falling: those of the three tables of
// 8 steps (reference: generate_audio of the turbo modeling file).
const std::vector<double>& turbo_levels();

// The first of the trained levels that are nearest to `level`, compared in float32 as the
// reference does.
double nearest_turbo_level(double level);

// Tracks of lego, extract and complete (reference: constants.py).
const std::vector<std::string>& track_names();

}  // namespace acestep::request
