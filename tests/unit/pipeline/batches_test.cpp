#include "pipeline/batches.h"

#include <gmock/gmock.h>

namespace acestep::pipeline {
namespace {

using request::GenerationRequest;
using ::testing::ElementsAre;
using ::testing::SizeIs;

GenerationRequest songs(int64_t count, std::vector<int64_t> seeds) {
  GenerationRequest request;
  request.batch_size = count;
  request.seeds = std::move(seeds);
  return request;
}

std::vector<uint64_t> song_seeds(const std::vector<Batch>& batches) {
  std::vector<uint64_t> seeds;
  for (const Batch& batch : batches) {
    for (const SongSeeds& song : batch.seeds) seeds.push_back(song.song);
  }
  return seeds;
}

TEST(PlanBatches, EverySongStandsAlone) {
  const auto batches = plan_batches(songs(3, {7, 8, 9}), Grouping::kOneByOne);
  EXPECT_THAT(batches, SizeIs(3));
  EXPECT_THAT(song_seeds(batches), ElementsAre(7, 8, 9));
}

TEST(PlanBatches, TogetherAsTheReferenceDoes) {
  const auto batches = plan_batches(songs(3, {7, 8, 9}), Grouping::kTogether);
  ASSERT_THAT(batches, SizeIs(1));
  EXPECT_THAT(song_seeds(batches), ElementsAre(7, 8, 9));
}

TEST(PlanBatches, TheLanguageModelTakesTheSongsSeedUnlessItHasItsOwn) {
  GenerationRequest request = songs(2, {7, 8});
  const auto followed = plan_batches(request, Grouping::kOneByOne);
  EXPECT_EQ(followed[1].seeds[0].language_model, 8U);
  request.lm_seed = 42;
  const auto own = plan_batches(request, Grouping::kOneByOne);
  EXPECT_EQ(own[0].seeds[0].language_model, 42U);
  EXPECT_EQ(own[1].seeds[0].language_model, 42U);
  EXPECT_EQ(own[1].seeds[0].song, 8U);
}

std::vector<std::optional<uint64_t>> retakes(const std::string& given, Grouping grouping) {
  GenerationRequest request = songs(3, {7, 8, 9});
  request.retake_seed = given;
  std::vector<std::optional<uint64_t>> seeds;
  for (const Batch& batch : plan_batches(request, grouping)) {
    for (const SongSeeds& song : batch.seeds) seeds.push_back(song.retake);
  }
  return seeds;
}

TEST(PlanBatches, EverySongHasItsOwnRetakeSeed) {
  const std::optional<uint64_t> open;
  EXPECT_THAT(retakes("", Grouping::kOneByOne), ElementsAre(open, open, open));
  EXPECT_THAT(retakes("5,6", Grouping::kOneByOne), ElementsAre(5U, 6U, open));
  EXPECT_THAT(retakes("5", Grouping::kOneByOne), ElementsAre(5U, 5U, 5U));
  EXPECT_THAT(retakes("5", Grouping::kTogether), ElementsAre(5U, open, open));
}

// docs/PARITY.md, "`seed` with several songs".
TEST(WithSeeds, ASingleSeedIsCountedUp) {
  EXPECT_THAT(with_seeds(songs(3, {5}), Grouping::kOneByOne).seeds, ElementsAre(5, 6, 7));
}

TEST(WithSeeds, TheReferenceDrawsTheRestAtRandom) {
  const GenerationRequest request = with_seeds(songs(40, {5}), Grouping::kTogether);
  ASSERT_THAT(request.seeds, SizeIs(40));
  EXPECT_EQ(request.seeds[0], 5);
  std::vector<int64_t> counted;
  for (int64_t seed = 5; seed < 45; ++seed) counted.push_back(seed);
  EXPECT_NE(request.seeds, counted);
  EXPECT_EQ(request.seed_mode, "increment");
}

TEST(WithSeeds, OpenSeedsAreDrawnOnceAndThenStay) {
  const GenerationRequest once = with_seeds(songs(2, {}), Grouping::kOneByOne);
  ASSERT_THAT(once.seeds, SizeIs(2));
  EXPECT_EQ(with_seeds(once, Grouping::kOneByOne).seeds, once.seeds);
  for (const int64_t seed : once.seeds) {
    EXPECT_GE(seed, 0);
    EXPECT_LE(seed, 4294967295);
  }
}

}  // namespace
}  // namespace acestep::pipeline
