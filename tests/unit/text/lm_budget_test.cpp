#include "text/lm_budget.h"

#include <gtest/gtest.h>

namespace acestep::text {
namespace {

TEST(MaxNewTokens, CodesGetLittleRoomAndTextMore) {
  EXPECT_EQ(max_new_tokens({30.0, LmPhase::kCodes, {}}, {600.0, 4096}), 160);
  EXPECT_EQ(max_new_tokens({30.0, LmPhase::kCot, {}}, {600.0, 4096}), 650);
}

TEST(MaxNewTokens, NeverBeyondTheModel) {
  EXPECT_EQ(max_new_tokens({600.0, LmPhase::kCodes, {}}, {600.0, 2048}), 1984);
}

TEST(MaxNewTokens, UnknownDurationTakesTheFallback) {
  EXPECT_EQ(max_new_tokens({{}, LmPhase::kCot, 100}, {600.0, 4096}), 100);
  EXPECT_EQ(max_new_tokens({{}, LmPhase::kCot, {}}, {600.0, 4096}), 3500);
}

TEST(TargetCodes, FivePerSecondRoundedDown) {
  EXPECT_EQ(target_codes(10.4), 52);
  EXPECT_EQ(target_codes(10.5), 52);
  EXPECT_EQ(target_codes(900.0), 4500);
}

TEST(TargetCodes, UnknownDurationHasNone) {
  EXPECT_EQ(target_codes(std::nullopt), std::nullopt);
  EXPECT_EQ(target_codes(-1.0), std::nullopt);
}

}  // namespace
}  // namespace acestep::text
