#include "request/layer.h"

#include <gmock/gmock.h>

#include "request/request_fields.h"
#include "request/song_seeds.h"
#include "unit/request/reading.h"

namespace acestep::request {
namespace {

using testing::check;
using testing::check_all;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Gather, LetsTheCloserPlaceWinAndRemembersIt) {
  const auto checked = check_all({R"({"caption": "a", "bpm": 80, "shift": 2})", R"({"bpm": 90})"});
  EXPECT_EQ(checked.settings().bpm, 90);
  EXPECT_EQ(checked.settings().shift, 2.0);
  EXPECT_EQ(checked.gathered.source_of("bpm"), "file:2.json");
  EXPECT_EQ(checked.gathered.source_of("shift"), "file:1.json");
  EXPECT_EQ(checked.gathered.source_of("inference_steps"), "preset:turbo");
  EXPECT_EQ(checked.gathered.source_of("dtype"), "default");
}

TEST(Gather, LetsACloserUnsetValueOpenAField) {
  EXPECT_EQ(check_all({R"({"bpm": 80})", R"({"bpm": "auto"})"}).settings().bpm, std::nullopt);
}

TEST(Gather, LeavesAFieldAloneWhenACloserFileHoldsNull) {
  EXPECT_EQ(check_all({R"({"bpm": 80})", R"({"bpm": null})"}).settings().bpm, 80);
}

TEST(ReadLayer, RefusesAFieldUnderTwoNames) {
  EXPECT_THAT(check(R"({"think": true, "thinking": true})").problems(),
              HasSubstr("repeats the field thinking"));
}

TEST(ReadLayer, NamesFileLineAndAllowedValues) {
  Findings findings;
  read_layer(read_request("\nbpm = \"fast\"\n", "a.toml"), findings);
  EXPECT_THAT(findings.problems,
              ElementsAre("a.toml line 2: bpm = 'fast': expected a whole number, 30 … 300"));
}

TEST(ReadLayer, SaysNothingOfKeysWithoutEffectThatHoldTheirDefault) {
  const char* request = R"({"caption": "x", "repainting_start": 0, "repainting_end": -1})";
  EXPECT_THAT(check(request).findings.warnings, IsEmpty());
}

TEST(ReadLayer, TakesNumbersWrittenAsText) {
  EXPECT_EQ(check(R"({"bpm": "90", "duration": " 30.5 "})").settings().bpm, 90);
}

TEST(ReadLayer, TakesTheFirstOfALanguageList) {
  EXPECT_EQ(check(R"({"vocal_language": ["ja", "en"]})").settings().vocal_language, "ja");
}

TEST(ReadLayer, RefusesAFractionForAWholeNumber) {
  EXPECT_THAT(check(R"({"bpm": 90.5})").problems(), HasSubstr("expected a whole number"));
  EXPECT_EQ(check(R"({"bpm": 90.0, "caption": "x"})").problems(), "");
}

class UnsetWord : public ::testing::TestWithParam<const char*> {};

TEST_P(UnsetWord, LeavesMetadataOpen) {
  const nlohmann::json word = GetParam();
  const auto checked = check(nlohmann::json({{"caption", "x"},
                                             {"bpm", word},
                                             {"duration", word},
                                             {"keyscale", word},
                                             {"language", word},
                                             {"timesignature", word}})
                                 .dump());
  EXPECT_THAT(checked.findings.problems, IsEmpty());
  EXPECT_EQ(checked.settings().bpm, std::nullopt);
  EXPECT_EQ(checked.settings().duration, std::nullopt);
  EXPECT_EQ(checked.settings().keyscale, "");
  EXPECT_EQ(checked.settings().vocal_language, "unknown");
  EXPECT_EQ(checked.settings().timesignature, "");
}

INSTANTIATE_TEST_SUITE_P(All, UnsetWord,
                         ::testing::Values("", "N/A", "n/a", "none", "null", "auto"));

}  // namespace
}  // namespace acestep::request
