#include "audio/resample.h"

#include <algorithm>

#include "unit/audio/sounds.h"

namespace acestep::audio {
namespace {

TEST(Resample, KeepsASlowSine) {
  const Waveform slow = sine(4410, 1, 44100);
  const Waveform result = resample(slow, 48000);
  ASSERT_EQ(result.frames(), 4800);
  const auto samples = result.channel(0);
  for (std::size_t i = 100; i < 4700; ++i) {
    const float expected = 0.4F * std::sin(0.05F * 0.91875F * static_cast<float>(i));
    ASSERT_NEAR(samples[i], expected, 3e-3F) << "sample " << i;
  }
}

TEST(Resample, LengthIsRoundedUp) {
  EXPECT_EQ(resample(sine(900, 1, 44100), 48000).frames(), 980);
  EXPECT_EQ(resample(sine(1, 1, 96000), 48000).frames(), 1);
}

TEST(Resample, RatesWithoutACommonDivisorStayQuick) {
  EXPECT_EQ(resample(sine(1000, 1, 44101), 48000).frames(), 1089);
}

TEST(ToStereo, DoublesMono) {
  const Waveform stereo = to_stereo(sine(50, 1), 48000);
  ASSERT_EQ(stereo.channels, 2);
  EXPECT_TRUE(
      std::equal(stereo.channel(0).begin(), stereo.channel(0).end(), stereo.channel(1).begin()));
}

TEST(ToStereo, DropsFurtherChannelsAndClips) {
  Waveform wide = sine(50, 5);
  wide.channel(1)[3] = 2.0F;
  const Waveform stereo = to_stereo(wide, 48000);
  ASSERT_EQ(stereo.channels, 2);
  EXPECT_EQ(stereo.frames(), 50);
  EXPECT_FLOAT_EQ(stereo.channel(1)[3], 1.0F);
}

}  // namespace
}  // namespace acestep::audio
