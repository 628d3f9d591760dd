// A picture of a song: its waveform and its spectrogram.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audio/waveform.h"

namespace acestep::audio {

// Power by time and pitch. Columns are evenly spaced in time over the whole sound, bands evenly in
// pitch between the two frequencies.
struct Spectrogram {
  int64_t columns = 0;
  int64_t bands = 0;
  double lowest_hz = 0;
  double highest_hz = 0;
  std::vector<float> db =
      {};  // [columns, bands], bands from the lowest up; below the loudest: <= 0
};

// What draw_song() draws best: its plot is 900 pixels wide, 256 high.
inline constexpr int64_t kPlotColumns = 300;
inline constexpr int64_t kPlotBands = 64;

// An SVG document; the same text for the same arguments. The waveform has frames.
std::string draw_song(const Waveform& waveform, const Spectrogram& spectrogram,
                      std::string_view title);

}  // namespace acestep::audio
