#include "request/env_file.h"

#include <gmock/gmock.h>

#include "util/error.h"

namespace acestep::request {
namespace {

using ::testing::HasSubstr;

std::string value_of(const std::string& text) {
  const EnvFile file = read_env_file(text, "a.env");
  EXPECT_EQ(file.variables.size(), 1);
  return file.variables.empty() ? "" : file.variables[0].value;
}

std::string refusal_of(const std::string& text) {
  try {
    read_env_file(text, "a.env");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.message();
  }
  return "";
}

TEST(EnvFile, HoldsNamesValuesAndLines) {
  const EnvFile file = read_env_file("# c\n\nA=1\r\n  export B_2 = two # c\n", "a.env");
  ASSERT_EQ(file.variables.size(), 2);
  EXPECT_EQ(file.variables[0].name, "A");
  EXPECT_EQ(file.variables[0].value, "1");
  EXPECT_EQ(file.variables[0].line, 3);
  EXPECT_EQ(file.variables[1].name, "B_2");
  EXPECT_EQ(file.variables[1].value, "two");
  EXPECT_EQ(file.variables[1].line, 4);
}

TEST(EnvFile, MayBeEmptyOrEndWithoutANewline) {
  EXPECT_TRUE(read_env_file("", "a.env").variables.empty());
  EXPECT_TRUE(read_env_file("# nothing", "a.env").variables.empty());
  EXPECT_EQ(value_of("A=x"), "x");
}

TEST(EnvFile, KeepsBareTextUpToAComment) {
  EXPECT_EQ(value_of("A=a b#c # d"), "a b#c");
  EXPECT_EQ(value_of("A="), "");
  EXPECT_EQ(value_of("A= # c"), "");
  EXPECT_EQ(value_of("A=b=c"), "b=c");
}

TEST(EnvFile, ExpandsNothing) {
  EXPECT_EQ(value_of("A=$HOME/`id`"), "$HOME/`id`");
  EXPECT_EQ(value_of("A=\"${HOME}\""), "${HOME}");
}

TEST(EnvFile, ReadsQuotes) {
  EXPECT_EQ(value_of("A=' a # \\n $B '"), " a # \\n $B ");
  EXPECT_EQ(value_of("A=\"a\\n\\t\\\"\\\\\\$ é\" # c"), "a\n\t\"\\$ é");
  EXPECT_EQ(value_of("A='first\nsecond'"), "first\nsecond");
}

TEST(EnvFile, CountsLinesInsideQuotes) {
  EXPECT_EQ(read_env_file("A='1\n2'\nB=3", "a.env").find("B")->line, 3);
}

TEST(EnvFile, LetsTheLastOfANameCount) {
  EXPECT_EQ(read_env_file("A=1\nA=2", "a.env").find("A")->value, "2");
  EXPECT_EQ(read_env_file("A=1", "a.env").find("B"), nullptr);
}

TEST(EnvFile, SkipsAByteOrderMark) {
  EXPECT_EQ(value_of("\xEF\xBB\xBF"
                     "A=1"),
            "1");
}

TEST(EnvFile, MayNameAVariableExport) { EXPECT_EQ(value_of("export=1"), "1"); }

TEST(EnvFile, NamesFileAndLineOfAMistake) {
  EXPECT_EQ(refusal_of("A=1\nB\n"), "a.env line 2: expected = after 'B'");
  EXPECT_EQ(refusal_of("A=1\n2B=1"), "a.env line 2: expected the name of a variable");
  EXPECT_EQ(refusal_of("A='1\n\nB=2\n"), "a.env line 1: no closing '");
  EXPECT_EQ(refusal_of("\nA=\"1\" 2"), "a.env line 2: something follows the closing quote");
  EXPECT_THAT(refusal_of("A=\"\\x\""), HasSubstr("a.env line 1: a backslash"));
  EXPECT_THAT(refusal_of("A=\"\\"), HasSubstr("a.env line 1: a backslash"));
  EXPECT_THAT(refusal_of("A=\xff"), HasSubstr("a.env: not valid UTF-8"));
  EXPECT_THAT(refusal_of(std::string("A=1\0", 4)), HasSubstr("a.env: a NUL byte"));
}

}  // namespace
}  // namespace acestep::request
