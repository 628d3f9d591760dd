#include "pipeline/sound_codec.h"

#include <gtest/gtest.h>

#include <cmath>

namespace acestep::pipeline {
namespace {

audio::Waveform constant(float value, int64_t frames = 1000) {
  audio::Waveform sound(48000, 2, frames);
  for (float& sample : sound.samples) sample = value;
  return sound;
}

TEST(SoundDistance, ComparesPowers) {
  const auto found = distance(constant(0.5F), constant(0.25F));
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->snr_db, 0.0, 1e-9);  // noise as strong as the signal
  EXPECT_NEAR(found->psnr_db, -20.0 * std::log10(0.25), 1e-9);
  EXPECT_NEAR(found->noise_rms, 0.25, 1e-9);
}

TEST(SoundDistance, LooksAtWhatBothHave) {
  const auto found = distance(constant(0.5F, 900), constant(0.5F, 1000));
  ASSERT_TRUE(found);
  EXPECT_TRUE(std::isinf(found->snr_db));
  EXPECT_EQ(found->noise_rms, 0.0);
}

TEST(SoundDistance, NeedsSoundsOfOneKind) {
  EXPECT_FALSE(distance(constant(0.5F), audio::Waveform(44100, 2, 1000)));
  EXPECT_FALSE(distance(constant(0.5F), audio::Waveform(48000, 1, 1000)));
  EXPECT_FALSE(distance(constant(0.5F), constant(0.5F, 0)));
}

}  // namespace
}  // namespace acestep::pipeline
