#include "audio/ending.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "audio/mastering.h"
#include "unit/audio/sounds.h"

namespace acestep::audio {
namespace {

constexpr int64_t kRate = 48000;

// Noise whose level in dB at second t is level_db(t).
template <typename LevelDb>
Waveform noise(double seconds, LevelDb level_db) {
  Waveform waveform(kRate, 2, static_cast<int64_t>(seconds * kRate));
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  for (int64_t i = 0; i < waveform.frames(); ++i) {
    const double gain = std::pow(10.0, level_db(static_cast<double>(i) / kRate) / 20.0);
    for (int64_t c = 0; c < 2; ++c) {
      waveform.channel(c)[static_cast<std::size_t>(i)] = static_cast<float>(gain * uniform(random));
    }
  }
  return waveform;
}

double seconds(int64_t frames) { return static_cast<double>(frames) / kRate; }

TEST(FindEnding, MusicToTheLastSampleIsNotCut) {
  const Waveform song = noise(15, [](double) { return -20.0; });
  const Ending ending = find_ending(song);
  EXPECT_EQ(ending.kept_frames, song.frames());
}

TEST(FindEnding, SilenceBehindTheMusicGoes) {
  const Waveform song = noise(20, [](double t) { return t < 12.0 ? -20.0 : -200.0; });
  const Ending ending = find_ending(song);
  // The 0.4 s that a moment is measured over end a little later than the music.
  EXPECT_NEAR(seconds(ending.music_frames), 12.3, 0.11);
  EXPECT_NEAR(seconds(ending.kept_frames - ending.music_frames), 0.5, 1e-9);
}

// 6 dB a second: 30 LU are gone after five.
TEST(FindEnding, ADecayLastsUntilItIsThirtyUnitsDown) {
  const Waveform song =
      noise(30, [](double t) { return t < 15.0 ? -20.0 : -20.0 - 6.0 * (t - 15.0); });
  EXPECT_NEAR(seconds(find_ending(song).music_frames), 20.0, 0.6);
}

TEST(FindEnding, ANoiseFloorIsNoMusicAndAQuietPassageIs) {
  const auto with_tail = [](double tail_db) {
    return noise(20, [=](double t) { return t < 12.0 ? -20.0 : tail_db; });
  };
  EXPECT_LT(seconds(find_ending(with_tail(-60.0)).kept_frames), 13.0);
  const Waveform quiet = with_tail(-40.0);
  EXPECT_EQ(find_ending(quiet).kept_frames, quiet.frames());
}

TEST(FindEnding, ARestInTheMiddleIsNoEnding) {
  const Waveform song = noise(20, [](double t) { return t > 8.0 && t < 14.0 ? -200.0 : -20.0; });
  EXPECT_EQ(find_ending(song).kept_frames, song.frames());
}

TEST(FindEnding, LessThanASecondIsNotWorthACut) {
  const Waveform song = noise(14, [](double t) { return t < 12.5 ? -20.0 : -200.0; });
  EXPECT_EQ(find_ending(song).kept_frames, song.frames());
}

TEST(FindEnding, TenSecondsStayAtLeast) {
  const Waveform song = noise(20, [](double t) { return t < 3.0 ? -20.0 : -200.0; });
  const Ending ending = find_ending(song);
  EXPECT_EQ(ending.kept_frames, 10 * kRate);
  EXPECT_NEAR(seconds(ending.fade_frames), 0.5, 1e-9);
}

TEST(FindEnding, SilenceAloneIsLeftAlone) {
  const Waveform song(kRate, 2, 20 * kRate);
  EXPECT_EQ(find_ending(song).kept_frames, song.frames());
}

TEST(CutAt, KeepsTheMusicToTheSampleAndFadesWhatFollows) {
  const Waveform song = noise(20, [](double t) { return t < 12.0 ? -20.0 : -60.0; });
  const Ending ending = find_ending(song);
  Waveform cut = song;
  cut_at(cut, ending);
  ASSERT_EQ(cut.frames(), ending.kept_frames);
  for (int64_t c = 0; c < 2; ++c) {
    const auto before = song.channel(c);
    const auto after = cut.channel(c);
    EXPECT_TRUE(std::equal(before.begin(), before.begin() + ending.music_frames, after.begin()));
    EXPECT_EQ(after.back(), 0.0F);
  }
}

TEST(CutAt, AWholeSongStaysAsItIs) {
  Waveform song = noise(11, [](double) { return -20.0; });
  const Waveform before = song;
  cut_at(song, find_ending(song));
  EXPECT_EQ(song.samples, before.samples);
}

}  // namespace
}  // namespace acestep::audio
