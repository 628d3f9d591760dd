#include "lm/prefix_tree.h"

#include <gmock/gmock.h>

namespace acestep::lm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kEnd = 99;

PrefixTree thirty_and_three_hundred() {
  PrefixTree tree(kEnd);
  tree.add({3, 0});
  tree.add({3, 0, 0});
  return tree;
}

TEST(PrefixTree, OffersTheFirstTokensOfAllValues) {
  PrefixTree tree(kEnd);
  tree.add({7, 1});
  tree.add({4, 2});
  EXPECT_THAT(tree.allowed_after({}), ElementsAre(4, 7));
}

TEST(PrefixTree, OffersTheEndBesideLongerValues) {
  EXPECT_THAT(thirty_and_three_hundred().allowed_after({3, 0}), ElementsAre(0, kEnd));
}

TEST(PrefixTree, KnowsCompleteValues) {
  const PrefixTree tree = thirty_and_three_hundred();
  EXPECT_FALSE(tree.is_complete({3}));
  EXPECT_TRUE(tree.is_complete({3, 0}));
  EXPECT_TRUE(tree.is_complete({3, 0, 0}));
}

TEST(PrefixTree, OffersNothingBehindAnUnknownPrefix) {
  EXPECT_THAT(thirty_and_three_hundred().allowed_after({5}), IsEmpty());
}

}  // namespace
}  // namespace acestep::lm
