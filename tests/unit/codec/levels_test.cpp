#include "codec/levels.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

namespace acestep::codec {
namespace {

TEST(ScaleLatents, DefaultsReturnTheSameTensor) {
  const at::Tensor latents = at::ones({1, 2, 3});
  EXPECT_TRUE(scale_latents(latents, {}).is_same(latents));
}

TEST(ScaleLatents, RescalesBeforeShifting) {
  const at::Tensor scaled = scale_latents(at::ones({1, 2, 3}), {.shift = 0.5, .rescale = 2.0});
  EXPECT_TRUE(at::equal(scaled, at::full({1, 2, 3}, 2.5)));
}

TEST(LimitPeaks, DividesOnlyItemsAboveFullScale) {
  at::Tensor audio = at::zeros({2, 2, 4});
  audio[0][1][2] = -2.0;
  audio[0][0][0] = 1.0;
  audio[1][0][0] = 0.5;
  limit_peaks(audio);
  EXPECT_EQ(audio[0][1][2].item<float>(), -1.0F);
  EXPECT_EQ(audio[0][0][0].item<float>(), 0.5F);
  EXPECT_EQ(audio[1][0][0].item<float>(), 0.5F);
}

TEST(Waveforms, SurviveTheWayThereAndBack) {
  const at::Tensor audio = at::arange(6, at::kFloat).view({2, 3});
  const audio::Waveform waveform = to_waveform(audio, 48000);
  EXPECT_EQ(waveform.channels, 2);
  EXPECT_EQ(waveform.channel(1)[0], 3.0F);
  EXPECT_TRUE(at::equal(to_tensor(waveform), audio));
}

}  // namespace
}  // namespace acestep::codec
