#include "util/decimal.h"

#include <gtest/gtest.h>

namespace acestep::util {
namespace {

TEST(Rounded, FollowsTheExactBinaryValue) {
  EXPECT_EQ(rounded(2.675, 2), 2.67);    // which is a little less
  EXPECT_EQ(rounded(0.0625, 3), 0.062);  // a tie goes to the even digit
  EXPECT_EQ(rounded(1.0005000000000002, 3), 1.001);
}

TEST(DecimalText, HasAllPlaces) { EXPECT_EQ(decimal_text(3, 2), "3.00"); }

}  // namespace
}  // namespace acestep::util
