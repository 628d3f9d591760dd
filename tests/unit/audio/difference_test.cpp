#include "audio/difference.h"

#include <gtest/gtest.h>

#include <cmath>

namespace acestep::audio {
namespace {

Waveform constant(float value) {
  Waveform sound(48000, 2, 100);
  for (float& sample : sound.samples) sample = value;
  return sound;
}

TEST(Difference, OfEqualSoundsIsInfinitelySmall) {
  EXPECT_TRUE(std::isinf(*signal_to_noise_db(constant(0.5F), constant(0.5F))));
  EXPECT_TRUE(std::isinf(*signal_to_noise_db(constant(0.0F), constant(0.0F))));
}

TEST(Difference, OfATenthIsTwentyDecibels) {
  EXPECT_NEAR(*signal_to_noise_db(constant(0.55F), constant(0.5F)), 20.0, 1e-4);
}

TEST(Difference, OfOtherRatesAndLengthsIsNotDefined) {
  EXPECT_FALSE(signal_to_noise_db(constant(0.5F), Waveform(48000, 2, 99)));
  EXPECT_FALSE(signal_to_noise_db(constant(0.5F), Waveform(44100, 2, 100)));
  EXPECT_FALSE(signal_to_noise_db(Waveform(48000, 1, 200), constant(0.5F)));
}

}  // namespace
}  // namespace acestep::audio
