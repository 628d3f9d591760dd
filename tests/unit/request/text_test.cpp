#include "request/text.h"

#include <gtest/gtest.h>

#include "request/nearest.h"

namespace acestep::request {
namespace {

class GoodUtf8 : public ::testing::TestWithParam<std::string> {};
TEST_P(GoodUtf8, IsTaken) { EXPECT_TRUE(is_utf8(GetParam())); }
INSTANTIATE_TEST_SUITE_P(All, GoodUtf8,
                         ::testing::Values("", "a", "é", "日本語", "\xF0\x9F\x8E\xB5",
                                           "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"));

class BadUtf8 : public ::testing::TestWithParam<std::string> {};
TEST_P(BadUtf8, IsRefused) { EXPECT_FALSE(is_utf8(GetParam())); }
INSTANTIATE_TEST_SUITE_P(All, BadUtf8,
                         ::testing::Values("\xFF", "\x80", "\xC0\xAF", "\xC3", "\xC3\x28",
                                           "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "a\xE2\x82"));

TEST(InQuotes, CutsLongTextAtACharacter) {
  const std::string text = in_quotes(std::string(59, 'x') + "é and more");
  EXPECT_TRUE(is_utf8(text));
  EXPECT_EQ(text, "'" + std::string(59, 'x') + "…'");
}

TEST(CountCharacters, CountsCodePoints) { EXPECT_EQ(count_characters("日本 é"), 4u); }

TEST(NearestName, FindsASlip) {
  EXPECT_EQ(nearest_name("durration", {"duration", "seed"}), "duration");
  EXPECT_EQ(nearest_name("bmp", {"bpm", "lm"}), "bpm");
  EXPECT_EQ(nearest_name("SEED", {"seeds", "seed"}), "seed");
}

TEST(NearestName, IsSilentWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("zzzzzzzz", {"duration", "seed"}), std::nullopt);
  EXPECT_EQ(nearest_name(std::string(5000, 'a'), {"duration"}), std::nullopt);
}

}  // namespace
}  // namespace acestep::request
