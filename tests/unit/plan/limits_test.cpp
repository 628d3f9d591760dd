#include <gmock/gmock.h>

#include "plan/decode_tile.h"
#include "planning.h"

namespace acestep::plan {
namespace {

using ::testing::HasSubstr;

TEST(Checklist, Row37_MoreSongsFollowInTurns) {
  const Plan plan = plan_at(8, {.language_model = true}, {.songs = 8});
  EXPECT_EQ(plan.songs_together.value, 2);
  const auto adjustment = adjustment_of(plan, "batch_size");
  EXPECT_EQ(adjustment.from, 8);
  EXPECT_EQ(adjustment.to, 2);
  EXPECT_THAT(adjustment.why, HasSubstr("in turns"));
}

TEST(Checklist, Row41_DurationIsClampedWithAWarning) {
  const SongFacts song = {.seconds = 600};
  const Plan without = plan_at(4, {}, song);
  EXPECT_EQ(without.duration.value, 360);
  EXPECT_EQ(adjustment_of(without, "duration").from, 600);
  const Plan with = plan_at(4, {.language_model = true}, song);
  EXPECT_EQ(with.duration.value, 240);
  EXPECT_THAT(adjustment_of(with, "duration").why, HasSubstr("tier1"));
}

TEST(Checklist, Row41_BatchOfNineIsWorkedOffInTurns) {
  EXPECT_EQ(plan_at(48, {}, {.songs = 9}).songs_together.value, 8);
}

TEST(Checklist, Row41_WithinTheLimitNothingIsSaid) {
  const Plan plan = plan_at(8, {}, {.seconds = 480, .songs = 2});
  EXPECT_EQ(plan.duration.value, 480);
  EXPECT_TRUE(plan.findings.adjustments.empty());
}

TEST(Checklist, Row53_TheLanguageModelObeysTheTier) {
  EXPECT_EQ(plan_at(4, {.language_model = true}).max_duration.value, 240);
  EXPECT_EQ(plan_at(8).max_duration.value, 480);
  EXPECT_EQ(plan_at(48).max_duration.value, 600);
}

TEST(Checklist, Row40_TileSizesByFreeMemory) {
  const auto thousand_a_frame = [](int64_t frames) { return static_cast<uint64_t>(frames) * 1000; };
  EXPECT_EQ(largest_tile(3000, 10'000'000, thousand_a_frame), 3000);  // one shot
  EXPECT_EQ(largest_tile(3000, 1'536'000, thousand_a_frame), 1536);
  EXPECT_EQ(largest_tile(3000, 1'535'999, thousand_a_frame), 1024);
  EXPECT_EQ(largest_tile(3000, 600'000, thousand_a_frame), 512);
  EXPECT_EQ(largest_tile(3000, 256'000, thousand_a_frame), 256);
  EXPECT_EQ(largest_tile(3000, 128'000, thousand_a_frame), 128);
  EXPECT_EQ(largest_tile(3000, 64'000, thousand_a_frame), 64);
  EXPECT_EQ(largest_tile(3000, 63'999, thousand_a_frame), std::nullopt);
}

TEST(DecodeTile, TheNextSmallerOneIsOfTheList) {
  EXPECT_EQ(next_smaller_tile(3000), 1536);
  EXPECT_EQ(next_smaller_tile(1536), 1024);
  EXPECT_EQ(next_smaller_tile(100), 64);
  EXPECT_EQ(next_smaller_tile(64), 64);
}

TEST(Checklist, Row95_VaeOnTheProcessorWhenAsked) {
  EXPECT_FALSE(plan_at(16).vae_on_cpu.value);
  EXPECT_TRUE(plan_at(16, {.vae_on_cpu = true}).vae_on_cpu.value);
}

TEST(DecodeTile, AFullCardLeavesTheDecodeToTheProcessor) {
  Device device = choose_device("cuda", machine_with({card_of(8)}), {});
  EXPECT_FALSE(make_plan(device, {}, {}, {}).vae_on_cpu.value);
  device.free_bytes = to_bytes(0.4);
  EXPECT_TRUE(make_plan(device, {}, {}, {}).vae_on_cpu.value);
}

TEST(Checklist, Row40_TheUsersTileIsHonoured) {
  const Plan plan = plan_at(16, {.vae_chunk_frames = 128});
  EXPECT_EQ(plan.vae_chunk_frames.value, 128);
  EXPECT_EQ(plan.vae_overlap_frames.value, 16);
}

}  // namespace
}  // namespace acestep::plan
