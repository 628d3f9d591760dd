#include "alignment/consensus.h"

#include <gmock/gmock.h>

#include <cmath>

#include "alignment/warp.h"
#include "unit/alignment/maps.h"

namespace acestep::alignment {
namespace {

TEST(FindConsensus, KeepsWhatTokensAndMomentsAgreeOn) {
  const Consensus found = find_consensus({diagonal(4, 3)});
  for (int64_t token = 0; token < 4; ++token) {
    for (int64_t frame = 0; frame < 12; ++frame) {
      const bool is_own = frame / 3 == token;
      EXPECT_EQ(found.evidence.at(token, frame) > 0.0F, is_own) << token << ", " << frame;
    }
  }
}

// The case that fails in the reference: docs/PARITY.md.
TEST(FindConsensus, TakesASingleHeadForAMeanOfItself) {
  const AttentionMap head = diagonal(5, 4);
  const Consensus one = find_consensus({head});
  const Consensus two = find_consensus({head, head});
  ASSERT_EQ(one.evidence.tokens, 5);
  ASSERT_EQ(one.evidence.frames, 20);
  for (size_t i = 0; i < one.evidence.values.size(); ++i) {
    EXPECT_NEAR(one.evidence.values[i], two.evidence.values[i], 1e-6F);
  }
  EXPECT_EQ(find_path(one.evidence), find_path(two.evidence));
}

TEST(FindConsensus, NormalisesOverAllHeads) {
  const Consensus found = find_consensus({diagonal(3, 2), diagonal(3, 2)});
  double sum = 0.0;
  for (const float value : found.evidence.values) sum += value;
  EXPECT_NEAR(sum, 0.0, 1e-4);
}

TEST(FindConsensus, SuppressesMoreWithMoreMedians) {
  const AttentionMap head = make_map({{0.9F, 0.5F, 0.4F}, {0.3F, 0.8F, 0.5F}, {0.2F, 0.4F, 0.9F}});
  const auto total = [&](double suppression) {
    double sum = 0.0;
    for (const float value : find_consensus({head}, {suppression, 1}).energy.values) sum += value;
    return sum;
  };
  EXPECT_GT(total(0.5), total(0.9));
  EXPECT_GT(total(0.9), 0.0);
}

TEST(FindConsensus, EvenAttentionIsNoEvidence) {
  const Consensus found = find_consensus({make_map({{1, 1, 1}, {1, 1, 1}})});
  for (const float value : found.evidence.values) EXPECT_EQ(value, 0.0F);
}

}  // namespace
}  // namespace acestep::alignment
