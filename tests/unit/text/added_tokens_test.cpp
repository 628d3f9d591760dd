#include "text/added_tokens.h"

#include <gtest/gtest.h>

namespace acestep::text {
namespace {

std::string shape(const std::vector<TextPart>& parts) {
  std::string out;
  for (const TextPart& part : parts) {
    const std::string inside = part.id ? std::to_string(*part.id) : std::string(part.text);
    out.append(part.id ? "{" : "[").append(inside).append(part.id ? "}" : "]");
  }
  return out;
}

AddedTokenSplitter splitter() {
  AddedTokenSplitter tokens;
  tokens.add("<a>", 1);
  tokens.add("<a><b>", 2);
  tokens.add("<b>", 3);
  return tokens;
}

TEST(AddedTokenSplitter, TextWithoutTokensIsOnePart) {
  EXPECT_EQ(shape(splitter().split("plain <c>")), "[plain <c>]");
}

TEST(AddedTokenSplitter, EmptyTextHasNoParts) { EXPECT_EQ(shape(splitter().split("")), ""); }

TEST(AddedTokenSplitter, LongestTokenWins) {
  EXPECT_EQ(shape(splitter().split("x<a><b><a>y")), "[x]{2}{1}[y]");
}

TEST(AddedTokenSplitter, LeftmostTokenWins) {
  AddedTokenSplitter tokens;
  tokens.add("ab", 1);
  tokens.add("bcd", 2);
  EXPECT_EQ(shape(tokens.split("abcd")), "{1}[cd]");
}

TEST(AddedTokenSplitter, TokenCutByTheEndIsText) {
  EXPECT_EQ(shape(splitter().split("<a><b")), "{1}[<b]");
}

}  // namespace
}  // namespace acestep::text
