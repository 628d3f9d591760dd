#include "audio/level.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "audio/loudness.h"
#include "audio/mastering.h"
#include "unit/audio/sounds.h"

namespace acestep::audio {
namespace {

constexpr double kSilent = -std::numeric_limits<double>::infinity();

// A sine of `amplitude` in both channels.
Waveform tone(double frequency_hz, double amplitude, double seconds, double phase = 0.0) {
  constexpr int64_t kRate = 48000;
  Waveform waveform(kRate, 2, static_cast<int64_t>(seconds * kRate));
  for (int64_t c = 0; c < 2; ++c) {
    const auto samples = waveform.channel(c);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const double turns = frequency_hz * static_cast<double>(i) / kRate;
      samples[i] = static_cast<float>(amplitude * std::sin(2.0 * std::numbers::pi * turns + phase));
    }
  }
  return waveform;
}

double amplitude_of(double db) { return std::pow(10.0, db / 20.0); }

// EBU Tech 3341, test cases 1 and 2: a stereo sine of 1 kHz at -23 and -33 dB of full scale has
// -23 and -33 LUFS, within 0.1 LU.
TEST(IntegratedLufs, IsThatOfTheTestSignalsOfTheEbu) {
  EXPECT_NEAR(integrated_lufs(tone(1000, amplitude_of(-23), 20)), -23.0, 0.1);
  EXPECT_NEAR(integrated_lufs(tone(1000, amplitude_of(-33), 20)), -33.0, 0.1);
}

TEST(IntegratedLufs, SilenceAndABlinkHaveNone) {
  EXPECT_EQ(integrated_lufs(Waveform(48000, 2, 96000)), kSilent);
  EXPECT_EQ(integrated_lufs(tone(1000, 0.5, 0.3)), kSilent);
}

TEST(MomentaryLufs, HasTenValuesASecond) {
  const std::vector<double> values = momentary_lufs(tone(1000, amplitude_of(-23), 1.05));
  ASSERT_EQ(values.size(), 10u);
  EXPECT_NEAR(values.back(), -23.0, 0.1);
}

// EBU Tech 3341, test case 16: a quarter of the sampling rate at 45 degrees, every sample 3 dB
// below the crest; +0.2/-0.4 dB are allowed.
TEST(TruePeak, IsFoundBetweenTheSamples) {
  const Waveform waveform = tone(12000, 0.5, 1, std::numbers::pi / 4);
  EXPECT_NEAR(20 * std::log10(peak(waveform)), -9.03, 0.01);
  EXPECT_NEAR(true_peak_db(waveform), -6.0, 0.4);
  EXPECT_EQ(true_peak_db(Waveform(48000, 2, 48000)), kSilent);
}

TEST(SetLevel, ReachesTheLoudness) {
  for (const double lufs : {-30.0, -14.0}) {
    Waveform waveform = tone(1000, amplitude_of(-23), 3);
    const Level level = set_level(waveform, {.lufs = lufs, .true_peak_db = -1.0});
    EXPECT_NEAR(level.lufs, lufs, 0.01);
    EXPECT_NEAR(integrated_lufs(waveform), lufs, 0.01);
    EXPECT_NEAR(level.true_peak_db.value(), lufs, 0.2);  // a sine's crest is its level here
    EXPECT_FALSE(level.is_held_back);
  }
}

TEST(SetLevel, StopsAtTheTruePeak) {
  Waveform waveform = tone(1000, amplitude_of(-23), 3);
  const Level level = set_level(waveform, {.lufs = -5.0, .true_peak_db = -9.0});
  EXPECT_TRUE(level.is_held_back);
  EXPECT_NEAR(level.lufs, -9.0, 0.1);
  EXPECT_NEAR(level.true_peak_db.value(), -9.0, 1e-9);
  EXPECT_LE(true_peak_db(waveform), -9.0 + 1e-4);
}

TEST(SetLevel, ALimitAloneOnlyEverLowers) {
  Waveform quiet = tone(1000, amplitude_of(-23), 3);
  const Waveform before = quiet;
  set_level(quiet, {.true_peak_db = -9.0});
  EXPECT_EQ(quiet.samples, before.samples);
  Waveform loud = tone(1000, amplitude_of(-3), 3);
  EXPECT_FALSE(set_level(loud, {.true_peak_db = -9.0}).is_held_back);
  EXPECT_NEAR(true_peak_db(loud), -9.0, 1e-3);
}

// All samples are multiplied with one number: nothing is compressed.
TEST(SetLevel, KeepsTheDynamics) {
  Waveform waveform = tone(1000, amplitude_of(-23), 3);
  waveform.samples[1000] = 0.5F;
  const Waveform before = waveform;
  set_level(waveform, {.lufs = -20.0, .true_peak_db = -1.0});
  const float gain = waveform.samples[1000] / before.samples[1000];
  EXPECT_GT(gain, 1.3F);
  for (std::size_t i = 0; i < before.samples.size(); ++i) {
    ASSERT_FLOAT_EQ(waveform.samples[i], gain * before.samples[i]);
  }
}

TEST(SetLevel, SilenceStaysSilenceAndIsHeldBack) {
  Waveform waveform(48000, 2, 48000);
  const Level level = set_level(waveform, {.lufs = -14.0, .true_peak_db = -1.0});
  EXPECT_TRUE(level.is_held_back);
  EXPECT_EQ(level.lufs, kSilent);
  EXPECT_EQ(peak(waveform), 0.0F);
}

}  // namespace
}  // namespace acestep::audio
