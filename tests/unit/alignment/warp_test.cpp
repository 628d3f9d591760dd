#include "alignment/warp.h"

#include <gmock/gmock.h>

#include "unit/alignment/maps.h"

namespace acestep::alignment {

void PrintTo(const WarpStep& step, std::ostream* out) {
  *out << "(" << step.token << ", " << step.frame << ")";
}

namespace {

using ::testing::ElementsAre;

TEST(FindPath, FollowsTheEvidence) {
  AttentionMap evidence = diagonal(3, 2);
  for (float& value : evidence.values) value -= 0.5F;  // elsewhere is worse than nowhere
  EXPECT_THAT(find_path(evidence), ElementsAre(WarpStep{0, 0}, WarpStep{0, 1}, WarpStep{1, 2},
                                               WarpStep{1, 3}, WarpStep{2, 4}, WarpStep{2, 5}));
}

// As the reference does: through the same token's earlier frame.
TEST(FindPath, OfEqualWaysTakesTheEarlierFrame) {
  EXPECT_THAT(find_path(make_map({{1, 0}, {0, 1}})),
              ElementsAre(WarpStep{0, 0}, WarpStep{1, 0}, WarpStep{1, 1}));
}

TEST(FindPath, EndsWhereBothEndEvenWithoutEvidence) {
  const auto path = find_path(make_map({{0, 0, 0}, {0, 0, 0}}));
  EXPECT_EQ(path.front(), (WarpStep{0, 0}));
  EXPECT_EQ(path.back(), (WarpStep{1, 2}));
}

TEST(FindPath, PassesManyTokensInOneFrame) {
  EXPECT_THAT(find_path(make_map({{1}, {1}, {1}})),
              ElementsAre(WarpStep{0, 0}, WarpStep{1, 0}, WarpStep{2, 0}));
}

TEST(FindPath, NeverGoesBack) {
  const auto path = find_path(make_map({{0, 0, 9}, {0, 9, 0}, {9, 0, 0}}));
  for (size_t i = 1; i < path.size(); ++i) {
    EXPECT_GE(path[i].token, path[i - 1].token);
    EXPECT_GE(path[i].frame, path[i - 1].frame);
  }
}

TEST(FindPath, OneTokenAndFrameAreAPath) {
  EXPECT_THAT(find_path(make_map({{3}})), ElementsAre(WarpStep{0, 0}));
}

}  // namespace
}  // namespace acestep::alignment
