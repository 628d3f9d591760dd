#include "pipeline/spectrogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace acestep::pipeline {
namespace {

// hz_at: the frequency at a second; seconds: its length.
template <typename HzAt>
audio::Waveform tone(double seconds, HzAt hz_at, int64_t rate_hz = 48000) {
  audio::Waveform waveform(rate_hz, 2,
                           static_cast<int64_t>(seconds * static_cast<double>(rate_hz)));
  double turns = 0.0;
  for (int64_t i = 0; i < waveform.frames(); ++i) {
    turns +=
        hz_at(static_cast<double>(i) / static_cast<double>(rate_hz)) / static_cast<double>(rate_hz);
    for (int64_t c = 0; c < 2; ++c) {
      waveform.channel(c)[static_cast<std::size_t>(i)] =
          static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * turns));
    }
  }
  return waveform;
}

double loudest_band(const audio::Spectrogram& spectrogram, int64_t column) {
  const auto first = spectrogram.db.begin() + column * spectrogram.bands;
  return static_cast<double>(std::max_element(first, first + spectrogram.bands) - first);
}

// The band that a frequency lies in.
double band_of(const audio::Spectrogram& spectrogram, double hz) {
  const double share = std::log(hz / spectrogram.lowest_hz) /
                       std::log(spectrogram.highest_hz / spectrogram.lowest_hz);
  return std::floor(share * static_cast<double>(spectrogram.bands));
}

TEST(Spectrogram, ATonesBandIsTheLoudestThroughout) {
  for (const double hz : {110.0, 1000.0, 9000.0}) {
    const auto spectrogram = spectrogram_of(tone(10, [=](double) { return hz; }));
    for (const int64_t column : {5, 150, 294}) {
      EXPECT_NEAR(loudest_band(spectrogram, column), band_of(spectrogram, hz), 1) << hz;
    }
  }
}

TEST(Spectrogram, TimeRunsFromColumnToColumn) {
  const auto two_tones =
      spectrogram_of(tone(40, [](double second) { return second < 10 ? 300.0 : 3000.0; }));
  EXPECT_NEAR(loudest_band(two_tones, 72), band_of(two_tones, 300), 1);
  EXPECT_NEAR(loudest_band(two_tones, 78), band_of(two_tones, 3000), 1);
}

TEST(Spectrogram, IsBetweenTheLoudestAndEightyDbBelow) {
  const auto spectrogram = spectrogram_of(tone(3, [](double) { return 1000.0; }));
  ASSERT_EQ(spectrogram.db.size(),
            static_cast<std::size_t>(audio::kPlotColumns * audio::kPlotBands));
  EXPECT_FLOAT_EQ(*std::max_element(spectrogram.db.begin(), spectrogram.db.end()), 0.0F);
  EXPECT_GE(*std::min_element(spectrogram.db.begin(), spectrogram.db.end()), -80.001F);
}

TEST(Spectrogram, SilenceAndABlinkHaveOneToo) {
  const auto silent = spectrogram_of(audio::Waveform(48000, 2, 48000));
  EXPECT_LE(*std::max_element(silent.db.begin(), silent.db.end()), 0.0F);
  EXPECT_EQ(spectrogram_of(tone(0.01, [](double) { return 440.0; })).columns, audio::kPlotColumns);
}

TEST(Spectrogram, EndsAtHalfTheSamplingRate) {
  EXPECT_EQ(spectrogram_of(tone(
                               1, [](double) { return 440.0; }, 16000))
                .highest_hz,
            8000.0);
}

}  // namespace
}  // namespace acestep::pipeline
