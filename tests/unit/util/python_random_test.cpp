#include "util/python_random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

// Every number here was printed by Python 3.11's random module.
namespace acestep::util {
namespace {

using testing::ElementsAre;

std::vector<uint64_t> words(PythonRandom random, int count) {
  std::vector<uint64_t> list;
  for (int i = 0; i < count; ++i) list.push_back(random.bits(32));
  return list;
}

std::vector<int64_t> integers(PythonRandom& random, int64_t lowest, int64_t highest, int count) {
  std::vector<int64_t> list;
  for (int i = 0; i < count; ++i) list.push_back(random.integer(lowest, highest));
  return list;
}

TEST(PythonRandom, ASmallSeedIsOneWord) {
  EXPECT_THAT(words(PythonRandom(120), 4),
              ElementsAre(2211641671U, 1064673407U, 810237719U, 4060052028U));
}

TEST(PythonRandom, ALargeSeedIsTwoWords) {
  EXPECT_THAT(words(PythonRandom(uint64_t{1} << 32U), 3),
              ElementsAre(485306839U, 1508871100U, 1794561286U));
  EXPECT_THAT(words(PythonRandom((uint64_t{1} << 63U) - 1), 3),
              ElementsAre(1359979423U, 2819855560U, 2711238091U));
}

TEST(PythonRandom, RenewsItsStateInTime) {
  EXPECT_EQ(words(PythonRandom(7), 2001).back(), 4083946869U);
}

TEST(PythonRandom, BitsComeLowestWordFirst) {
  PythonRandom random(119);
  EXPECT_EQ(random.bits(64), 5275711623047337714U);
  EXPECT_EQ(random.bits(40), 812521135450U);
  EXPECT_EQ(random.bits(1), 1U);
}

TEST(PythonRandom, IntegersAreDrawnUntilOneFits) {
  PythonRandom random(120);
  EXPECT_THAT(integers(random, 0, 960000, 6),
              ElementsAre(539951, 259930, 197811, 938657, 666127, 769508));
  PythonRandom small(119);
  EXPECT_THAT(integers(small, 0, 3, 12), ElementsAre(2, 1, 3, 0, 0, 3, 1, 1, 2, 2, 1, 3));
}

// Its one number is drawn as a bit that must be 0.
TEST(PythonRandom, ARangeOfOneNumberDrawsToo) {
  PythonRandom random(120);
  EXPECT_THAT(integers(random, 0, 0, 3), ElementsAre(0, 0, 0));
  EXPECT_EQ(random.bits(32), 391866289U);
}

TEST(PythonRandom, RangesMayStartAnywhereAndPassAWord) {
  PythonRandom random(0);
  EXPECT_EQ(random.bits(32), 3626764237U);
  EXPECT_EQ(random.integer(0, 4294967295), 3823568514);
  EXPECT_EQ(random.integer(5, 9), 5);
  EXPECT_EQ(random.integer(0, int64_t{1} << 40U), 1067347797602);
}

}  // namespace
}  // namespace acestep::util
