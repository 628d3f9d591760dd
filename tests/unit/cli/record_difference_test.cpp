#include "cli/record_difference.h"

#include <gmock/gmock.h>

namespace acestep::cli {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

json record(const json& changes = json::object()) {
  json result = {{"schema", "acestep/1"},
                 {"version", "0.1.0"},
                 {"request", {{"caption", "folk"}, {"bpm", 90}, {"seeds", {5}}}},
                 {"models", {{"dit", "acestep-v15-turbo"}, {"lm", "none"}}},
                 {"weights", {{"dit", "0123456789abcdef"}}},
                 {"composition", {{"bpm", 90}}},
                 {"audio_codes", {1, 2, 3}},
                 {"timesteps", {1.0, 0.5, 0.0}},
                 {"song", {{"created", "20260101-000000"}, {"threads", 1}, {"device", "a CPU"}}}};
  result.merge_patch(changes);
  return result;
}

std::vector<std::string> differences(const json& changes) {
  return record_differences(record(), record(changes));
}

TEST(RecordDifferences, AreNoneBetweenEqualRecords) {
  EXPECT_THAT(differences(json::object()), IsEmpty());
}

TEST(RecordDifferences, NameTheFieldAndBothValues) {
  EXPECT_THAT(differences({{"request", {{"bpm", 100}}}}), ElementsAre("request.bpm: 90 -> 100"));
  EXPECT_THAT(differences({{"models", {{"lm", "acestep-5Hz-lm-4B"}}}}),
              ElementsAre("models.lm: 'none' -> 'acestep-5Hz-lm-4B'"));
}

TEST(RecordDifferences, TellOfOtherWeightsUnderTheSameName) {
  EXPECT_THAT(differences({{"weights", {{"dit", "fedcba9876543210"}}}}),
              ElementsAre("weights.dit: '0123456789abcdef' -> 'fedcba9876543210'"));
}

TEST(RecordDifferences, TellOfAnotherSoundThatItWasMadeFrom) {
  EXPECT_THAT(differences({{"source", {{"reference_sha256", "abc"}}}}),
              ElementsAre(R"(source: open -> {"reference_sha256":"abc"})"));
}

TEST(RecordDifferences, CountADefaultThatIsNotWrittenDown) {
  EXPECT_THAT(differences({{"request", {{"lm_top_k", 5}}}}),
              ElementsAre("request.lm_top_k: 0 -> 5"));
}

TEST(RecordDifferences, CountAFieldThatWasLeftOpen) {
  EXPECT_THAT(differences({{"request", {{"keyscale", "A minor"}, {"duration", 20}}}}),
              ElementsAre("request.duration: open -> 20", "request.keyscale: '' -> 'A minor'"));
}

TEST(RecordDifferences, SayWhereCodesPart) {
  EXPECT_THAT(differences({{"audio_codes", {1, 2, 9, 9}}}),
              ElementsAre("audio_codes: 3 and 4, another one from the 3. on"));
  EXPECT_THAT(differences({{"audio_codes", {1, 2}}}),
              ElementsAre("audio_codes: 3 and 2, another one from the 3. on"));
}

TEST(RecordDifferences, TellOfTheMachineButNotOfTheTime) {
  EXPECT_THAT(differences({{"song", {{"threads", 4}, {"created", "20270101-000000"}}}}),
              ElementsAre("threads: 1 -> 4"));
}

TEST(RecordDifferences, PassOverWhatOneOfThemLeavesOut) {
  EXPECT_THAT(differences({{"audio_codes", nullptr}, {"weights", nullptr}, {"song", nullptr}}),
              IsEmpty());
}

TEST(RecordDifferences, ShortenLongTexts) {
  const auto lines = differences({{"request", {{"caption", std::string(5000, 'x')}}}});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_LT(lines[0].size(), 200u);
}

}  // namespace
}  // namespace acestep::cli
