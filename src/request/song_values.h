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

}  // namespace acestep::request
