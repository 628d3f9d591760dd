#include <gmock/gmock.h>

#include "request/sung_words.h"
#include "unit/request/reading.h"

namespace acestep::request {
namespace {

using ::testing::AllOf;
using testing::check;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(SungWords, StandOutsideOfBrackets) {
  EXPECT_TRUE(has_sung_words("[Verse]\nla"));
  EXPECT_TRUE(has_sung_words("夜"));
  EXPECT_TRUE(has_sung_words("[a] b [c]"));
  EXPECT_FALSE(has_sung_words("[Instrumental]"));
  EXPECT_FALSE(has_sung_words("[Intro]\n\n[Verse] \t[inst]"));
  EXPECT_FALSE(has_sung_words("[never closed la la"));
  EXPECT_FALSE(has_sung_words(" \n"));
}

TEST(ReviewRules, NoMoreSongsAreKeptThanMade) {
  EXPECT_THAT(check(R"({"lyrics": "la", "batch_size": 2, "keep_best": 3})").problems(),
              AllOf(HasSubstr("keep_best = '3'"), HasSubstr("the 2 of batch_size")));
  EXPECT_EQ(check(R"({"lyrics": "la", "batch_size": 3, "keep_best": 3})").problems(), "");
  EXPECT_THAT(check(R"({"lyrics": "la", "keep_best": -1})").problems(), HasSubstr("keep_best"));
}

TEST(ReviewRules, ByNeedsAChoice) {
  EXPECT_THAT(check(R"({"lyrics": "la", "by": "lyrics"})").findings.warnings,
              ElementsAre(HasSubstr("it needs keep_best")));
  EXPECT_THAT(check(R"({"lyrics": "la", "by": "taste"})").problems(),
              HasSubstr("allowed: score, lyrics, lm"));
}

TEST(ReviewRules, AnInstrumentalCannotBeChosenByItsLyrics) {
  EXPECT_THAT(check(R"({"instrumental": true, "batch_size": 2, "keep_best": 1, "by": "lyrics"})")
                  .problems(),
              HasSubstr("the song is instrumental"));
  EXPECT_EQ(check(R"({"instrumental": true, "batch_size": 2, "keep_best": 1})").problems(), "");
}

TEST(ReviewRules, WithoutCodesThereIsNothingForTheLanguageModel) {
  EXPECT_THAT(check(R"({"lyrics": "la", "batch_size": 2, "keep_best": 1, "by": "lm",
                        "thinking": false})")
                  .problems(),
              HasSubstr("no audio codes"));
  EXPECT_THAT(check(R"({"instrumental": true, "batch_size": 2, "keep_best": 1,
                        "lm_model_path": "none"})")
                  .problems(),
              HasSubstr("nothing to choose by"));
}

TEST(ReviewRules, TimesOfAnInstrumentalAreToldToBeNone) {
  const auto checked = check(R"({"instrumental": true, "lrc": true, "score": true,
                                 "thinking": false})");
  EXPECT_EQ(checked.problems(), "");
  EXPECT_THAT(checked.findings.warnings,
              ElementsAre(HasSubstr("lrc has no effect"), HasSubstr("score has no effect")));
  EXPECT_THAT(check(R"({"lyrics": "la", "lrc": true, "score": true})").findings.warnings,
              IsEmpty());
}

TEST(ReviewRules, OneExactNameIsEnoughForTheBestOfSeveral) {
  EXPECT_EQ(
      check(R"({"lyrics": "la", "batch_size": 4, "keep_best": 1, "output": "a.wav"})").problems(),
      "");
  EXPECT_THAT(
      check(R"({"lyrics": "la", "batch_size": 4, "keep_best": 2, "output": "a.wav"})").problems(),
      HasSubstr("keep_best is 2"));
}

TEST(ReviewRules, ASongOnStandardOutputHasNoLyricsBesideIt) {
  EXPECT_THAT(check(R"({"lyrics": "la", "lrc": true, "output": "-"})").problems(),
              HasSubstr("no files beside it"));
}

}  // namespace
}  // namespace acestep::request
