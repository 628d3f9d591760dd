#include "plan/fit_memory.h"

#include <gmock/gmock.h>

#include "plan/decode_tile.h"
#include "plan/published_models.h"
#include "planning.h"

namespace acestep::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SongModels models_of(const Plan& plan) {
  return {.dit = published_dit(plan.dit()),
          .text_encoder = published_text_encoder(),
          .vae = published_vae()};
}

// A song of 240 s without a language model.
MemoryFacts facts_for(const SongModels& models, double free_gib, int64_t songs = 1) {
  return {.models = models,
          .song = {.frames = 6000, .songs = songs, .text_tokens = 100, .lyric_tokens = 400},
          .numbers = kBFloat16Bytes,
          .free_bytes = to_bytes(free_gib)};
}

std::vector<std::string> changed_fields(const Plan& plan) {
  std::vector<std::string> fields;
  for (const auto& adjustment : plan.findings.adjustments) fields.push_back(adjustment.field);
  return fields;
}

Plan fitted(Plan plan, double free_gib, int64_t songs = 1) {
  plan.findings = {};
  const SongModels models = models_of(plan);
  const MemoryFacts facts = facts_for(models, free_gib, songs);
  const MemoryPlan memory = fit_to_memory(plan, facts);
  EXPECT_LE(memory.peak_bytes(), facts.free_bytes);
  return plan;
}

const Wishes kWithoutLm = {.language_model = false};

// Free memory that lacks one byte for the denoiser's eight songs together.
TEST(Checklist, Row37_TheBatchIsLoweredUntilItFits) {
  Plan plan = plan_at(24, kWithoutLm, {.seconds = 240, .songs = 8});
  plan.findings = {};
  const SongModels models = models_of(plan);
  MemoryFacts facts = facts_for(models, 80, 8);
  constexpr std::size_t kDenoise = 3;
  facts.free_bytes = plan_memory(plan, facts).stages[kDenoise].device_bytes() - 1;
  fit_to_memory(plan, facts);
  EXPECT_EQ(plan.songs_together.value, 4);
  ASSERT_THAT(changed_fields(plan), ElementsAre("songs_together"));
  EXPECT_THAT(plan.findings.adjustments.front().why, HasSubstr("are free"));
}

TEST(FitMemory, ASongThatFitsChangesNothing) {
  const Plan plan = fitted(plan_at(24, kWithoutLm, {.seconds = 240}), 23.5);
  EXPECT_THAT(changed_fields(plan), ElementsAre());
}

TEST(FitMemory, MoreIsOffloadedWhereTheBatchDoesNotHelp) {
  const Plan plan = fitted(plan_at(24, kWithoutLm, {.seconds = 240}), 4.5);
  EXPECT_TRUE(plan.offload_to_cpu.value);
  EXPECT_EQ(plan.offload_to_cpu.source, Source::kForced);
}

TEST(FitMemory, BlocksStreamAtLast) {
  const Plan plan = fitted(plan_at(24, kWithoutLm, {.seconds = 240}), 3.0);
  EXPECT_TRUE(plan.stream_dit_blocks.value);
}

TEST(FitMemory, TilesShrinkWithFreeMemory) {
  const Plan plan = plan_at(24, kWithoutLm, {.seconds = 240});
  const SongModels models = models_of(plan);
  const int64_t large = plan_memory(plan, facts_for(models, 40)).tile_frames;
  const int64_t small = plan_memory(plan, facts_for(models, 8.5)).tile_frames;
  EXPECT_EQ(large, 6000);
  EXPECT_LT(small, large);
}

TEST(FitMemory, WithoutASourceNothingIsEncoded) {
  const Plan plan = plan_at(24, kWithoutLm, {.seconds = 240});
  const SongModels models = models_of(plan);
  MemoryFacts facts = facts_for(models, 40);
  EXPECT_FALSE(is_used(plan_memory(plan, facts).stages[1]));
  facts.song.source_frames = 6000;
  const MemoryPlan memory = plan_memory(plan, facts);
  EXPECT_EQ(memory.stages[1].need.stage, "encode");
  EXPECT_TRUE(is_used(memory.stages[1]));
  EXPECT_EQ(memory.window_frames, 6000);
}

TEST(FitMemory, WindowsShrinkWithFreeMemoryAndTheReferencesAreFixed) {
  const Plan plan = plan_at(24, kWithoutLm, {.seconds = 240});
  const SongModels models = models_of(plan);
  MemoryFacts facts = facts_for(models, 8.0);
  facts.song.source_frames = 6000;
  const MemoryPlan memory = plan_memory(plan, facts);
  EXPECT_LT(memory.window_frames, 6000);
  EXPECT_LE(memory.stages[1].device_bytes(), facts.free_bytes);
  facts.window_frames = reference_window(24);
  EXPECT_EQ(plan_memory(plan, facts).window_frames, 750);
}

TEST(FitMemory, TheUsersWordStandsAndTheSongIsRefusedWithATable) {
  Plan plan = plan_at(4, {.language_model = false, .offload_to_cpu = false}, {.seconds = 240});
  const SongModels models = models_of(plan);
  try {
    fit_to_memory(plan, facts_for(models, 2.0));
    FAIL() << "it fits";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kMemory);
    EXPECT_THAT(error.message(), HasSubstr("does not fit: 2.0 GB are free"));
    for (const char* stage : {"condition", "denoise", "decode"}) {
      EXPECT_THAT(error.message(), HasSubstr(stage));
    }
    EXPECT_THAT(error.message(), HasSubstr("too much"));
  }
}

// The processor decodes previews where the VAE has no room beside the DiT; nothing else gives way.
TEST(FitMemory, PreviewsTakeNothingFromTheSong) {
  const Plan planned = plan_at(24, kWithoutLm, {.seconds = 240});
  const SongModels models = models_of(planned);
  constexpr std::size_t kDenoise = 3;
  MemoryFacts facts = facts_for(models, 80);
  const uint64_t without = plan_memory(planned, facts).stages[kDenoise].device_bytes();
  facts.song.preview_frames = 200;
  const MemoryPlan roomy = plan_memory(planned, facts);
  EXPECT_TRUE(roomy.previews_on_device);
  EXPECT_GT(roomy.stages[kDenoise].device_bytes(), without);

  facts.free_bytes = roomy.stages[kDenoise].device_bytes() - 1;
  Plan plan = planned;
  plan.findings = {};
  const MemoryPlan tight = fit_to_memory(plan, facts);
  EXPECT_FALSE(tight.previews_on_device);
  EXPECT_EQ(tight.stages[kDenoise].device_bytes(), without);
  EXPECT_THAT(changed_fields(plan), ElementsAre());
}

TEST(FitMemory, KeptModelsCountBesideEveryStage) {
  const Plan plan = plan_at(24, kWithoutLm, {.seconds = 240});
  const SongModels models = models_of(plan);
  MemoryFacts facts = facts_for(models, 40);
  const uint64_t once = plan_memory(plan, facts).stages.front().beside_bytes;
  facts.keeps_models = true;
  EXPECT_EQ(once, 0);
  EXPECT_GT(plan_memory(plan, facts).stages[2].beside_bytes, to_bytes(2.5));
}

}  // namespace
}  // namespace acestep::plan
