#include "text/python_text.h"

#include <gmock/gmock.h>

#include <cmath>

namespace acestep::text {
namespace {

TEST(Strip, TakesUnicodeSpace) { EXPECT_EQ(strip("\u00A0 a b\u3000\n\x1C"), "a b"); }

TEST(IntegerDigits, ReadsAsPythonDoes) {
  EXPECT_EQ(integer_digits(" +0042 "), "42");
  EXPECT_EQ(integer_digits("-0"), "0");
  EXPECT_EQ(integer_digits("1_0"), "10");
  EXPECT_EQ(integer_digits("\u0661\u0662"), "12");
  EXPECT_EQ(integer_digits("123456789012345678901234567890"), "123456789012345678901234567890");
}

TEST(IntegerDigits, RefusesWhatPythonRefuses) {
  for (const char* text : {"", " ", "1__0", "_1", "1_", "+", "1.0", "0x10", "²", "1 2", "--1"}) {
    EXPECT_EQ(integer_digits(text), std::nullopt) << text;
  }
}

TEST(ParseInteger, RefusesWhatDoesNotFit) {
  EXPECT_EQ(parse_integer("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(parse_integer("9223372036854775808"), std::nullopt);
}

TEST(ParseFloat, ReadsAsPythonDoes) {
  EXPECT_EQ(parse_float(" 33.5 "), 33.5);
  EXPECT_EQ(parse_float("-1_0.5e1"), -105.0);
  EXPECT_EQ(parse_float(".5"), 0.5);
  EXPECT_EQ(parse_float("5."), 5.0);
  EXPECT_EQ(parse_float("1e999"), INFINITY);
  EXPECT_EQ(parse_float("-Infinity"), -INFINITY);
  EXPECT_TRUE(std::isnan(parse_float("NaN").value()));
}

TEST(ParseFloat, RefusesWhatPythonRefuses) {
  for (const char* text : {"", ".", "1e", "0x1p3", "1,5", "12x", "+-1", "1_.5", "infin", "e5"}) {
    EXPECT_EQ(parse_float(text), std::nullopt) << text;
  }
}

TEST(FloatText, IsPythonsRepr) {
  EXPECT_EQ(float_text(12.5), "12.5");
  EXPECT_EQ(float_text(30.0), "30.0");
  EXPECT_EQ(float_text(1e16), "1e+16");
  EXPECT_EQ(float_text(1234567890123456.0), "1234567890123456.0");
  EXPECT_EQ(float_text(0.0001), "0.0001");
  EXPECT_EQ(float_text(0.00001), "1e-05");
  EXPECT_EQ(float_text(-0.0), "-0.0");
}

TEST(IsDigits, CountsSuperscripts) {
  EXPECT_TRUE(is_digits("12"));
  EXPECT_TRUE(is_digits("²"));
  EXPECT_FALSE(is_digits("½"));
  EXPECT_FALSE(is_digits(""));
  EXPECT_FALSE(is_digits("-1"));
}

TEST(SplitLines, KeepsEmptyLines) {
  EXPECT_THAT(split_lines("a\n\nb\n"), ::testing::ElementsAre("a", "", "b", ""));
}

}  // namespace
}  // namespace acestep::text
