#include "text/unicode_text.h"

#include <gmock/gmock.h>

#include "util/error.h"

namespace acestep::text {
namespace {

using ::testing::ElementsAre;

TEST(RepairUtf8, ValidTextStays) { EXPECT_EQ(repair_utf8("añ日🎵"), "añ日🎵"); }

TEST(RepairUtf8, OneReplacementPerMaximalPart) {
  EXPECT_EQ(repair_utf8("\xE9\x9F"
                        "a\xF0\x9F\x8E"
                        "b"),
            "\uFFFDa\uFFFDb");
}

TEST(RepairUtf8, SurrogatesAreInvalid) {
  EXPECT_EQ(repair_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
}

TEST(Normalize, ComposesAndDecomposes) {
  EXPECT_EQ(normalize("e\u0301", Normalization::kNfc), "é");
  EXPECT_EQ(normalize("é", Normalization::kNfd), "e\u0301");
  EXPECT_EQ(normalize("ﬁ", Normalization::kNfkc), "fi");
  EXPECT_EQ(normalize("e\u0301", Normalization::kNone), "e\u0301");
}

TEST(SplitPattern, KeepsWhatLiesBetweenMatches) {
  EXPECT_THAT(SplitPattern("[0-9]+", "test").split("ab12c3"), ElementsAre("ab", "12", "c", "3"));
}

TEST(SplitPattern, TakesLongRunsWithoutOverflow) {
  const std::string text(200'000, ' ');
  EXPECT_THAT(SplitPattern("\\s+(?!\\S)|\\s+", "test").split(text), ElementsAre(text));
}

TEST(SplitPattern, RefusesBrokenPatterns) { EXPECT_THROW(SplitPattern("[", "test"), Error); }

TEST(SplitPattern, GivesUpOnPatternsThatBacktrackForEver) {
  const SplitPattern pattern("(a+)+$", "test");
  try {
    pattern.split(std::string(60, 'a') + "b");
    FAIL() << "came to an end";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModel);
  }
}

TEST(Pattern, MatchesTheWholeText) {
  EXPECT_TRUE(Pattern("a.c").matches("a\nc"));
  EXPECT_FALSE(Pattern("a.c").matches("abcd"));
}

TEST(Pattern, FindsGroupsAndAllMatches) {
  EXPECT_EQ(Pattern("<(.*?)>").find("x<y>z", 1), "y");
  EXPECT_EQ(Pattern("<(.*?)>").find("xyz", 1), std::nullopt);
  EXPECT_THAT(Pattern("[0-9]").find_all("a1b2"), ElementsAre("1", "2"));
}

}  // namespace
}  // namespace acestep::text
