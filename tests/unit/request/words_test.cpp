// What asks the language model for words before it composes: sample_query, sample_mode, use_format,
// use_cot_lyrics; and what keeps its result.
#include <gmock/gmock.h>

#include "unit/request/reading.h"

namespace acestep::request {
namespace {

using testing::check;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Words, AWishStandsForWords) {
  const auto checked = check(R"({"sample_query": "a love song"})");
  EXPECT_EQ(checked.problems(), "");
  EXPECT_TRUE(checked.settings().wants_sample());
  EXPECT_EQ(check(R"({"sample_mode": true})").problems(), "");
  EXPECT_EQ(check(R"({"description": "piano", "instrumental": true})").problems(), "");
}

TEST(Words, ABlankWishIsNone) {
  EXPECT_THAT(check(R"({"sample_query": " "})").problems(), HasSubstr("both empty"));
}

TEST(Words, LyricsMayAskToBeWritten) {
  const auto checked = check(R"({"caption": "x", "lyrics": " Generate "})");
  EXPECT_EQ(checked.problems(), "");
  EXPECT_TRUE(checked.settings().use_cot_lyrics);
  EXPECT_EQ(checked.settings().lyrics, "");
}

TEST(Words, LyricsAreWrittenToACaption) {
  EXPECT_THAT(check(R"({"lyrics": "generate"})").problems(), HasSubstr("it needs a caption"));
  EXPECT_THAT(check(R"({"caption": "x", "use_cot_lyrics": true, "instrumental": true})").problems(),
              HasSubstr("a song without lyrics"));
}

TEST(Words, AMadeUpSongHasLyricsAlready) {
  const auto checked = check(R"({"sample_query": "x", "use_cot_lyrics": true})");
  EXPECT_FALSE(checked.settings().use_cot_lyrics);
  EXPECT_THAT(checked.findings.warnings, ElementsAre(HasSubstr("use_cot_lyrics has no effect")));
}

TEST(Words, WordsThatAreReplacedAreTold) {
  EXPECT_THAT(check(R"({"sample_query": "x", "caption": "y"})").findings.warnings,
              ElementsAre(HasSubstr("sample_query writes it")));
  EXPECT_THAT(check(R"({"caption": "x", "lyrics": "y", "use_cot_lyrics": true})").findings.warnings,
              ElementsAre(HasSubstr("use_cot_lyrics writes it")));
  EXPECT_THAT(check(R"({"sample_query": "x", "caption": ""})").findings.warnings, IsEmpty());
}

TEST(Words, NeedTheLanguageModel) {
  EXPECT_THAT(check(R"({"sample_query": "x", "lm_model_path": "none"})").problems(),
              HasSubstr("lm_model_path is none"));
  EXPECT_THAT(check(R"({"caption": "x", "use_format": true, "lm_model_path": "none"})").problems(),
              HasSubstr("use_format = 'true'"));
}

TEST(Words, TheReferenceThinksWhereLyricsAreWritten) {
  const char* request =
      R"({"caption": "x", "use_cot_lyrics": true, "thinking": false, "compat": "reference"})";
  EXPECT_TRUE(check(request).settings().thinking);
}

TEST(Words, AFallbackIsForLyrics) {
  EXPECT_THAT(check(R"({"caption": "x", "allow_fallback": true})").findings.warnings,
              ElementsAre(HasSubstr("it is for use_cot_lyrics")));
}

TEST(KeptCodes, OfSeveralSongsAreAList) {
  EXPECT_THAT(check(R"({"caption": "x", "keep_codes": "a.json", "batch_size": 2})").problems(),
              HasSubstr(".jsonl"));
  EXPECT_EQ(check(R"({"caption": "x", "keep_codes": "a.jsonl", "batch_size": 2})").problems(), "");
}

TEST(KeptCodes, AreNotKeptAsTheReference) {
  EXPECT_THAT(check(R"({"caption": "x", "keep_codes": "a", "compat": "reference"})").problems(),
              HasSubstr("not with --compat reference"));
}

TEST(KeptCodes, NeedSomethingToCompose) {
  EXPECT_THAT(check(R"({"caption": "x", "lm_only": true, "thinking": false, "use_cot_metas": false,
                        "use_cot_caption": false, "use_cot_language": false})")
                  .problems(),
              HasSubstr("nothing is left to the language model"));
  EXPECT_THAT(check(R"({"caption": "x", "lm_only": true, "lm_model_path": "none"})").problems(),
              HasSubstr("lm_only"));
}

}  // namespace
}  // namespace acestep::request
