#include "condition/context.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace acestep::condition {
namespace {

const auto kFloats = at::TensorOptions(at::kFloat);

TEST(SilenceFrames, RepeatsFromItsStart) {
  const at::Tensor silence = at::arange(3.0, kFloats).view({1, 3, 1}).expand({1, 3, 64});
  const at::Tensor long_silence = silence_frames(silence, 7);
  EXPECT_EQ(long_silence.size(1), 7);
  EXPECT_TRUE(at::equal(long_silence.slice(1, 3, 6), silence));
}

TEST(FitFrames, ContinuesWithTheFirstFramesOfSilence) {
  const at::Tensor silence = at::arange(4.0, kFloats).view({1, 4, 1}).expand({1, 4, 64});
  const at::Tensor latents = at::full({1, 2, 64}, 9.0, kFloats);
  const at::Tensor fitted = fit_frames(latents, silence, 5);
  EXPECT_TRUE(at::equal(fitted.slice(1, 0, 2), latents));
  EXPECT_TRUE(at::equal(fitted.slice(1, 2), silence.slice(1, 0, 3)));
  EXPECT_EQ(fit_frames(latents, silence, 1).size(1), 1);
}

TEST(MakeContext, PutsTheMaskBehindTheSource) {
  const at::Tensor source = at::full({2, 3, 64}, 0.5, kFloats);
  const at::Tensor chunk = at::ones({2, 3}, at::TensorOptions(at::kBool));
  const at::Tensor context = make_context(source, chunk);
  EXPECT_TRUE(at::equal(context.slice(2, 0, 64), source));
  EXPECT_TRUE(at::equal(context.slice(2, 64), at::ones({2, 3, 64}, kFloats)));
}

TEST(ReplaceCovers, LeavesOtherSongsAlone) {
  const at::Tensor source = at::zeros({2, 3, 64}, kFloats);
  const at::Tensor hints = at::ones({2, 4, 64}, kFloats);
  const at::Tensor is_cover = at::tensor({1, 0}, at::TensorOptions(at::kLong));
  const at::Tensor replaced = replace_covers(source, hints, is_cover);
  EXPECT_TRUE(at::equal(replaced[0], hints[0].slice(0, 0, 3)));
  EXPECT_TRUE(at::equal(replaced[1], source[1]));
}

}  // namespace
}  // namespace acestep::condition
