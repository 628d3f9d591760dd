#include "lm/sampler.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gmock/gmock.h>

#include <limits>

namespace acestep::lm {
namespace {

constexpr float kMasked = -std::numeric_limits<float>::infinity();

at::Tensor row(std::vector<double> values) { return at::tensor(values).to(at::kFloat); }

std::vector<int64_t> kept(const at::Tensor& logits) {
  const at::Tensor ids = logits.isfinite().nonzero().squeeze(1);
  return {ids.data_ptr<int64_t>(), ids.data_ptr<int64_t>() + ids.size(0)};
}

at::Generator seeded(uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

TEST(Sampler, PenaltyMovesSeenLogitsTowardsUnlikely) {
  at::Tensor logits = row({2.0, -2.0, 2.0});
  penalise_repetition(logits, {0, 1}, 2.0);
  EXPECT_TRUE(logits.equal(row({1.0, -4.0, 2.0})));
}

TEST(Sampler, PenaltyCountsRepeatedIdsOnce) {
  at::Tensor logits = row({2.0, 1.0});
  penalise_repetition(logits, {0, 0, 0}, 2.0);
  EXPECT_TRUE(logits.equal(row({1.0, 1.0})));
}

TEST(Sampler, TopKKeepsTies) {
  at::Tensor logits = row({1.0, 3.0, 1.0, 0.0});
  keep_top_k(logits, 2);
  EXPECT_TRUE(logits.equal(row({1.0, 3.0, 1.0, kMasked})));
}

TEST(Sampler, TopPKeepsTheTokenThatCrossesTheSum) {
  at::Tensor logits = row({0.5, 0.3, 0.2}).log();
  keep_top_p(logits, 0.6);
  EXPECT_THAT(kept(logits), testing::ElementsAre(0, 1));
}

TEST(Sampler, TopPNeverDropsTheLikeliest) {
  at::Tensor logits = row({0.9, 0.1}).log();
  keep_top_p(logits, 0.01);
  EXPECT_THAT(kept(logits), testing::ElementsAre(0));
}

TEST(Sampler, TemperatureZeroTakesTheLikeliestAndDrawsNothing) {
  const at::Generator generator = seeded(1);
  EXPECT_EQ(choose(row({0.0, 5.0, 1.0}), 0.0, generator), 1);
  EXPECT_EQ(choose(row({0.0, 0.0}), 1.0, generator), choose(row({0.0, 0.0}), 1.0, seeded(1)));
}

TEST(Sampler, MaskedWidthTakesPartInTheDraw) {
  const at::Generator generator = seeded(3);
  choose(row({0.0, kMasked, kMasked, kMasked}), 1.0, generator);
  const at::Generator other = seeded(3);
  choose(row({0.0, 0.0, 0.0, 0.0}), 1.0, other);
  EXPECT_TRUE(generator.get_state().equal(other.get_state()));
}

TEST(Sampler, SameSeedGivesTheSameTokens) {
  const SamplingOptions options{.temperature = 1.3, .top_k = 3, .top_p = 0.9};
  std::vector<int64_t> first;
  std::vector<int64_t> second;
  for (auto* ids : {&first, &second}) {
    const at::Generator generator = seeded(7);
    for (int i = 0; i < 8; ++i) {
      ids->push_back(sample(row({1.0, 0.9, 0.8, 0.7}), {}, options, TemperatureOrder::kAfterFilters,
                            generator));
    }
  }
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace acestep::lm
