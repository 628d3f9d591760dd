#include <gmock/gmock.h>

#include "request/song_seeds.h"
#include "unit/request/reading.h"

namespace acestep::request {
namespace {

using testing::check;
using testing::check_all;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Seeds, ALoneSeedIsObeyed) {
  const auto checked = check(R"({"seed": 5, "batch_size": 3})");
  EXPECT_THAT(checked.settings().seeds, ElementsAre(5));
  EXPECT_EQ(checked.settings().batch_size, 3);
  EXPECT_FALSE(checked.settings().use_random_seed);
}

TEST(Seeds, MinusOneIsRandom) { EXPECT_THAT(check(R"({"seed": -1})").settings().seeds, IsEmpty()); }

TEST(Seeds, AListSetsTheBatch) {
  const auto checked = check(R"({"seeds": "7, 8 9"})");
  EXPECT_THAT(checked.settings().seeds, ElementsAre(7, 8, 9));
  EXPECT_EQ(checked.settings().batch_size, 3);
  EXPECT_THAT(checked.findings.adjustments, IsEmpty());
}

TEST(Seeds, AListAgainstAnotherBatchSizeIsAnAdjustment) {
  const auto checked = check(R"({"seeds": [7, 8, 9], "batch_size": 2})");
  EXPECT_EQ(checked.settings().batch_size, 3);
  ASSERT_EQ(checked.findings.adjustments.size(), 1u);
  EXPECT_EQ(checked.findings.adjustments[0].field, "batch_size");
}

TEST(Seeds, CompatReferenceKeepsTheBatchSizeOfAFile) {
  const auto checked = check(R"({"seeds": [7, 8, 9], "batch_size": 2, "compat": "reference"})");
  EXPECT_EQ(checked.settings().batch_size, 2);
  EXPECT_THAT(checked.findings.adjustments, IsEmpty());
}

TEST(Seeds, CompatReferenceLetsAListSetABatchSizeThatNobodyGave) {
  const auto checked = check(R"({"seeds": [7, 8, 9], "compat": "reference"})");
  EXPECT_EQ(checked.settings().batch_size, 3);
  EXPECT_THAT(checked.findings.adjustments, IsEmpty());
}

TEST(Seeds, AGivenSeedWinsOverUseRandomSeedOfTheSameFileWithAWarning) {
  const auto checked = check(R"({"caption": "x", "seed": 5, "use_random_seed": true})");
  EXPECT_THAT(checked.settings().seeds, ElementsAre(5));
  EXPECT_THAT(checked.findings.warnings, ElementsAre(HasSubstr("seed is given and wins")));
}

TEST(Seeds, ACloserUseRandomSeedWins) {
  EXPECT_THAT(check_all({R"({"seed": 5})", R"({"use_random_seed": true})"}).settings().seeds,
              IsEmpty());
}

TEST(Seeds, ACloserSeedWinsOverAList) {
  EXPECT_THAT(check_all({R"({"seeds": [1, 2]})", R"({"seed": 5})"}).settings().seeds,
              ElementsAre(5));
  EXPECT_THAT(check_all({R"({"seeds": [1, 2]})", R"({"seed": -1})"}).settings().seeds, IsEmpty());
}

TEST(Seeds, AListWinsOverTheSeedBesideIt) {
  EXPECT_THAT(check(R"({"seeds": [1, 2], "seed": -1})").settings().seeds, ElementsAre(1, 2));
}

TEST(Seeds, CountingPastTheLastSeedIsRefused) {
  EXPECT_THAT(check(R"({"seed": 4294967295, "batch_size": 2})").problems(),
              HasSubstr("would pass 4294967295"));
}

int64_t draw_ninety() { return 90; }

TEST(SongSeeds, CountUpFromASingleSeed) {
  GenerationRequest request;
  request.seeds = {5};
  request.batch_size = 3;
  EXPECT_THAT(song_seeds(request, draw_ninety), ElementsAre(5, 6, 7));
}

TEST(SongSeeds, AreDrawnInRandomModeAndForShortLists) {
  GenerationRequest request;
  request.seeds = {5};
  request.batch_size = 2;
  request.seed_mode = "random";
  EXPECT_THAT(song_seeds(request, draw_ninety), ElementsAre(5, 90));
  request.seeds = {};
  EXPECT_THAT(song_seeds(request, draw_ninety), ElementsAre(90, 90));
}

}  // namespace
}  // namespace acestep::request
