#include "pipeline/master_song.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "audio/loudness.h"
#include "audio/mastering.h"

namespace acestep::pipeline {
namespace {

using request::GenerationRequest;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kRate = 48000;

// A tone of 1 kHz at -23 dB, which is as much in LUFS, then silence.
audio::Waveform tone(double seconds, double silent_seconds = 0.0) {
  audio::Waveform waveform(kRate, 2, static_cast<int64_t>((seconds + silent_seconds) * kRate));
  const auto sounding = static_cast<std::size_t>(seconds * kRate);
  for (int64_t c = 0; c < 2; ++c) {
    const auto samples = waveform.channel(c);
    for (std::size_t i = 0; i < sounding; ++i) {
      samples[i] = 0.0708F * std::sin(0.1308997F * static_cast<float>(i));
    }
  }
  return waveform;
}

TEST(MasterSong, NormalisesThePeakAndFades) {
  audio::Waveform waveform(48000, 2, 4800);
  for (float& sample : waveform.samples) sample = 0.25F;
  GenerationRequest request;
  request.fade_in_duration = 0.01;
  master_song(waveform, request);
  EXPECT_FLOAT_EQ(audio::peak(waveform), 0.891250938F);  // -1 dB
  EXPECT_EQ(waveform.channel(0)[0], 0.0F);
  request.enable_normalization = false;
  request.fade_in_duration = 0.0;
  master_song(waveform, request);
  EXPECT_FLOAT_EQ(audio::peak(waveform), 0.891250938F);
}

TEST(MasterSong, LoudnessTakesThePlaceOfNormalisation) {
  audio::Waveform waveform = tone(3);
  GenerationRequest request;
  request.loudness = -16.0;
  const Mastered mastered = master_song(waveform, request);
  EXPECT_NEAR(audio::integrated_lufs(waveform), -16.0, 0.01);
  EXPECT_NEAR(mastered.level.lufs, -16.0, 0.01);
  EXPECT_THAT(mastered.adjustments, IsEmpty());
}

// What is measured is what is written: a long fade makes a song less loud.
TEST(MasterSong, LoudnessCountsTheFades) {
  audio::Waveform waveform = tone(12);
  GenerationRequest request;
  request.loudness = -16.0;
  request.fade_out_duration = 10.0;
  master_song(waveform, request);
  EXPECT_NEAR(audio::integrated_lufs(waveform), -16.0, 0.01);
  EXPECT_EQ(waveform.channel(0).back(), 0.0F);
}

TEST(MasterSong, ALoudnessOutOfReachIsTold) {
  audio::Waveform waveform = tone(3);
  GenerationRequest request;
  request.loudness = -5.0;
  request.true_peak = -9.0;
  const Mastered mastered = master_song(waveform, request);
  EXPECT_LE(audio::true_peak_db(waveform), -9.0 + 1e-4);
  ASSERT_THAT(mastered.adjustments, SizeIs(1));
  EXPECT_EQ(mastered.adjustments[0].field, "loudness");
  EXPECT_EQ(mastered.adjustments[0].from, "-5.0 LUFS");
  EXPECT_EQ(mastered.adjustments[0].to, "-9.0 LUFS");
  EXPECT_THAT(mastered.adjustments[0].why, HasSubstr("true peak above -9.0 dB"));
}

TEST(MasterSong, TheTruePeakIsOneDbBelowFullScaleUnlessSaid) {
  audio::Waveform waveform = tone(3);
  GenerationRequest request;
  request.loudness = -5.0;
  master_song(waveform, request);
  EXPECT_GT(audio::true_peak_db(waveform), -5.2);  // a sine's crest is its loudness here
  waveform = tone(3);
  waveform.samples[4800] = 0.5F;
  const Mastered mastered = master_song(waveform, request);
  EXPECT_THAT(mastered.adjustments, SizeIs(1));
  EXPECT_NEAR(audio::true_peak_db(waveform), -1.0, 1e-3);
}

TEST(MasterSong, ATruePeakLowersWhatIsNormalised) {
  audio::Waveform waveform = tone(3);
  GenerationRequest request;
  request.true_peak = -6.0;
  const Mastered mastered = master_song(waveform, request);
  EXPECT_NEAR(audio::true_peak_db(waveform), -6.0, 1e-3);
  EXPECT_NEAR(mastered.level.true_peak_db.value(), -6.0, 1e-3);
  EXPECT_THAT(mastered.adjustments, IsEmpty());
}

TEST(MasterSong, WhatIsBelowTheGateHasNoLoudness) {
  audio::Waveform waveform = tone(3);
  for (float& sample : waveform.samples) sample *= 1e-4F;
  GenerationRequest request;
  request.loudness = -14.0;
  const Mastered mastered = master_song(waveform, request);
  ASSERT_THAT(mastered.adjustments, SizeIs(1));
  EXPECT_EQ(mastered.adjustments[0].to, "none");
  EXPECT_TRUE(mastered.level.is_held_back);
}

TEST(MasterSong, TrimsASilentTailAndTellsIt) {
  audio::Waveform waveform = tone(12, 8);
  GenerationRequest request;
  request.auto_trim = true;
  const Mastered mastered = master_song(waveform, request);
  EXPECT_NEAR(waveform.seconds(), 12.8, 0.11);
  ASSERT_THAT(mastered.adjustments, SizeIs(1));
  EXPECT_EQ(mastered.adjustments[0].field, "auto_trim");
  EXPECT_EQ(mastered.adjustments[0].from, "20.0 s");
  EXPECT_THAT(mastered.adjustments[0].why, HasSubstr("the music ends at 12.3 s"));
}

// The fade belongs to the end that is left.
TEST(MasterSong, FadesOutWhatIsLeft) {
  audio::Waveform trimmed = tone(12, 8);
  GenerationRequest request;
  request.auto_trim = true;
  request.fade_out_duration = 2.0;
  master_song(trimmed, request);
  const auto samples = trimmed.channel(0);
  const auto peak_at = [&](double second) {
    float highest = 0.0F;
    for (int64_t i = 0; i < kRate / 100; ++i) {
      const auto index = static_cast<std::size_t>(second * kRate) + static_cast<std::size_t>(i);
      highest = std::max(highest, std::fabs(samples[index]));
    }
    return highest;
  };
  EXPECT_LT(peak_at(11.8), 0.6F * peak_at(10.0));
}

}  // namespace
}  // namespace acestep::pipeline
