#include "codec/tiles.h"

#include <gmock/gmock.h>

#include "util/error.h"

namespace acestep::codec {
namespace {

int64_t ten_times(int64_t frames) { return 10 * frames; }
int64_t a_tenth(int64_t samples) { return samples / 10; }

TEST(RoundHalfEven, SendsHalvesToTheEvenNeighbour) {
  EXPECT_EQ(round_half_even(0.5), 0);
  EXPECT_EQ(round_half_even(1.5), 2);
  EXPECT_EQ(round_half_even(2.5), 2);
  EXPECT_EQ(round_half_even(2.51), 3);
  EXPECT_EQ(round_half_even(-0.5), 0);
  EXPECT_EQ(round_half_even(-1.5), -2);
}

TEST(FittingOverlap, IsHalvedUntilACoreRemains) {
  EXPECT_EQ(fitting_overlap({.chunk = 512, .overlap = 64}), 64);
  EXPECT_EQ(fitting_overlap({.chunk = 128, .overlap = 64}), 32);
  EXPECT_EQ(fitting_overlap({.chunk = 16, .overlap = 64}), 4);
}

TEST(FittingOverlap, StopsAtFour) {
  EXPECT_EQ(fitting_overlap({.chunk = 8, .overlap = 64}), 4);
  EXPECT_EQ(fitting_overlap({.chunk = 11, .overlap = 7}), 4);
}

TEST(FittingOverlap, LeavesSmallerOnesAlone) {
  EXPECT_EQ(fitting_overlap({.chunk = 4, .overlap = 3}), 3);
}

TEST(PlanDecode, ShortInputIsOneTile) {
  const TilePlan plan = plan_decode(256, {.chunk = 256, .overlap = 64}, ten_times);
  ASSERT_EQ(plan.tiles.size(), 1U);
  EXPECT_EQ(plan.tiles[0].input_length(), 256);
  EXPECT_EQ(plan.output_length, 2560);
}

TEST(PlanDecode, KeptPartsAdjoinAndCoverEverything) {
  const TilePlan plan = plan_decode(30, {.chunk = 16, .overlap = 4}, ten_times);
  ASSERT_EQ(plan.tiles.size(), 4U);
  EXPECT_EQ(plan.tiles[1].input_start, 4);
  EXPECT_EQ(plan.tiles[1].input_end, 20);
  EXPECT_EQ(plan.tiles[1].keep_start, 40);
  EXPECT_EQ(plan.tiles[1].keep_end, 120);
  EXPECT_EQ(plan.tiles[3].input_start, 20);
  EXPECT_EQ(plan.tiles[3].input_end, 30);
  int64_t position = 0;
  for (const Tile& tile : plan.tiles) {
    EXPECT_EQ(tile.output_start, position);
    position += tile.keep_length();
  }
  EXPECT_EQ(position, 300);
  EXPECT_EQ(plan.output_length, 300);
}

TEST(PlanDecode, RefusesATileWithoutACore) {
  EXPECT_THROW(plan_decode(30, {.chunk = 8, .overlap = 64}, ten_times), Error);
}

TEST(PlanEncode, DoesNotShrinkTheOverlap) {
  EXPECT_THROW(plan_encode(300, {.chunk = 100, .overlap = 50}, a_tenth), Error);
}

TEST(PlanEncode, RaggedEndIsCutDown) {
  const TilePlan plan = plan_encode(255, {.chunk = 140, .overlap = 20}, a_tenth);
  ASSERT_EQ(plan.tiles.size(), 3U);
  EXPECT_EQ(plan.tiles[2].input_start, 180);
  EXPECT_EQ(plan.tiles[2].keep_start, 2);
  EXPECT_EQ(plan.output_length, 25);
}

}  // namespace
}  // namespace acestep::codec
