#include "lm/guidance.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <limits>

namespace acestep::lm {
namespace {

constexpr float kMasked = -std::numeric_limits<float>::infinity();

TEST(Guidance, MovesAwayFromTheUnconditional) {
  const at::Tensor guided = guide(at::tensor({2.0F, 1.0F}), at::tensor({1.0F, 1.0F}), 3.0);
  EXPECT_TRUE(guided.equal(at::tensor({4.0F, 1.0F})));
}

TEST(Guidance, IdsMaskedInBothRowsStayMasked) {
  const at::Tensor guided =
      guide_all(at::tensor({kMasked, 1.0F}), at::tensor({kMasked, 1.0F}), 2.0);
  EXPECT_EQ(guided[0].item<float>(), kMasked);
  EXPECT_EQ(guided[1].item<float>(), 1.0F);
}

}  // namespace
}  // namespace acestep::lm
