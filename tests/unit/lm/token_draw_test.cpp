#include "lm/token_draw.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gmock/gmock.h>

#include "unit/util/temp_folder.h"

namespace acestep::lm {
namespace {

using acestep::testing::message_of;
using ::testing::HasSubstr;

at::Generator seeded(uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

// Logits with as many ties as bf16 gives, all but every `step`-th masked.
at::Tensor probabilities(int64_t width, int64_t step, const at::Generator& generator) {
  at::Tensor logits = at::randn({width}, generator).to(at::kBFloat16).to(at::kFloat) * 4;
  const at::Tensor is_masked = at::arange(width).remainder(step).ne(0);
  return logits.masked_fill_(is_masked, -INFINITY).softmax(0);
}

// Both the tokens and what the generator gives afterwards.
TEST(DrawToken, IsThatOfMultinomialToTheBit) {
  const at::Generator logits = seeded(5);
  const at::Generator ours = seeded(7);
  const at::Generator theirs = seeded(7);
  for (const int64_t width : {1, 2, 311, 313, 5000, 217204}) {
    for (const int64_t step : {1, 3, 1000}) {
      const at::Tensor p = probabilities(width, step, logits);
      EXPECT_EQ(draw_token(p, ours), at::multinomial(p, 1, false, theirs).item<int64_t>())
          << width << " every " << step;
      ASSERT_TRUE(ours.get_state().equal(theirs.get_state())) << width << " every " << step;
    }
  }
}

TEST(DrawToken, WeightsNeedNotAddUpToOne) {
  const at::Tensor weights = at::tensor({0.0F, 3.0F, 0.5F, 0.0F, 9.0F});
  const at::Generator ours = seeded(1);
  const at::Generator theirs = seeded(1);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(draw_token(weights, ours),
              at::multinomial(weights, 1, false, theirs).item<int64_t>());
  }
}

TEST(DrawToken, NothingPossibleIsRejected) {
  for (const float weight : {0.0F, NAN}) {
    EXPECT_THAT(
        message_of(ErrorCode::kRejected, [&] { draw_token(at::full({4}, weight), seeded(1)); }),
        HasSubstr("no token"));
  }
}

}  // namespace
}  // namespace acestep::lm
