#include "diffusion/noise.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace acestep::diffusion {
namespace {

TEST(NoiseStreams, ASongDoesNotDependOnItsCompany) {
  NoiseStreams alone = NoiseStreams::per_song({7});
  NoiseStreams together = NoiseStreams::per_song({3, 7, 4294967295});
  EXPECT_TRUE(at::equal(alone.draw(5)[0], together.draw(5)[1]));
  EXPECT_TRUE(at::equal(alone.draw(5)[0], together.draw(5)[1])) << "second draw";
}

TEST(NoiseStreams, DrawsDifferFromStepToStep) {
  NoiseStreams streams = NoiseStreams::per_song({7});
  EXPECT_FALSE(at::equal(streams.draw(5), streams.draw(5)));
}

TEST(NoiseStreams, ASharedStreamNumbersTheWholeBatch) {
  NoiseStreams shared = NoiseStreams::shared(make_generator(7), 2);
  const at::Tensor batch = shared.draw(5);
  EXPECT_EQ(batch.sizes(), at::IntArrayRef({2, 5, 64}));
  EXPECT_FALSE(at::equal(batch[0], batch[1]));
}

TEST(MixRetake, EndsAtEitherNoise) {
  NoiseStreams streams = NoiseStreams::per_song({7});
  const at::Tensor noise = streams.draw(5);
  const at::Tensor other = streams.draw(5);
  EXPECT_TRUE(at::allclose(mix_retake(noise, other, 0.0), noise));
  EXPECT_TRUE(at::allclose(mix_retake(noise, other, 1.0), other, 1e-5, 1e-6));
}

}  // namespace
}  // namespace acestep::diffusion
