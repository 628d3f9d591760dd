#include "diffusion/repaint.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

namespace acestep::diffusion {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;

std::vector<float> softened(const std::vector<int>& frames, int64_t crossfade) {
  const at::Tensor mask =
      at::tensor(frames, at::TensorOptions(at::kInt)).to(at::kBool).view({1, -1});
  const at::Tensor soft = soft_mask(mask, crossfade).contiguous();
  const float* first = soft.const_data_ptr<float>();
  return {first, first + soft.numel()};
}

TEST(SoftMask, FadesOnBothSidesOfAPart) {
  EXPECT_THAT(softened({0, 0, 0, 1, 1, 0, 0}, 1),
              ElementsAre(0.0F, 0.0F, 0.5F, 1.0F, 1.0F, 0.5F, 0.0F));
}

TEST(SoftMask, FadesBetweenPartsToo) {
  EXPECT_THAT(softened({1, 0, 0, 0, 1, 0, 0}, 1),
              ElementsAre(1.0F, 0.5F, 0.0F, 0.5F, 1.0F, 0.5F, 0.0F));
  // Ramps of 3 from both sides: the higher one counts.
  EXPECT_THAT(softened({1, 0, 0, 0, 1}, 3),
              ElementsAre(1.0F, FloatEq(0.75F), 0.5F, FloatEq(0.75F), 1.0F));
}

TEST(SoftMask, WithoutAPartOrAnythingElseNothingFades) {
  EXPECT_THAT(softened({1, 1, 1}, 2), ElementsAre(1.0F, 1.0F, 1.0F));
  EXPECT_THAT(softened({0, 0, 0}, 2), ElementsAre(0.0F, 0.0F, 0.0F));
  EXPECT_THAT(softened({0, 1, 0}, 0), ElementsAre(0.0F, 1.0F, 0.0F));
}

}  // namespace
}  // namespace acestep::diffusion
