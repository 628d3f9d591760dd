#include "profile/child_result.h"

#include <gtest/gtest.h>

#include "records.h"

namespace acestep::profile {
namespace {

using nlohmann::json;

TierRun run_of(const std::string& variant, int64_t songs = 1) {
  TierRun run = passed(8, "tier4").run;
  run.variant = variant;
  run.songs = songs;
  return run;
}

json success() {
  return {{"success", true},
          {"extra_outputs",
           {{"peak_vram_gb", 5.5},
            {"time_costs",
             {{"lm_total_time", 1.0},
              {"dit_encoder_time_cost", 2.0},
              {"dit_diffusion_time_cost", 3.0},
              {"dit_vae_decode_time_cost", 4.0}}},
            {"memory",
             {{"cap_gb", 7.5},
              {"offload_to_cpu", true},
              {"offload_dit_to_cpu", false},
              {"quantization", "none"},
              {"songs_together", 1},
              {"stages", {{{"stage", "denoise"}, {"peak_gb", 5.5}, {"seconds", 3.0}}}}}}}}};
}

TierRecord record_with(json result, const TierRun& run = run_of("default")) {
  return record_of(run, {.end = {.seconds = 12}, .result = std::move(result), .log = {}});
}

TierRecord record_after(int exit_code, const std::string& message) {
  return record_of(run_of("default"), {.end = {.exit_code = exit_code},
                                       .result = json{{"success", false}, {"error", message}},
                                       .log = {}});
}

TEST(ChildResult, ASuccessBecomesARecordThatPasses) {
  const TierRecord record = record_with(success());
  EXPECT_TRUE(record.passes());
  EXPECT_EQ(record.outcome.error, "");
  EXPECT_EQ(record.outcome.peak_gb, 5.5);
  EXPECT_EQ(record.outcome.wall_seconds, 12);
  EXPECT_EQ(record.outcome.lm_seconds, 1);
  EXPECT_EQ(record.outcome.dit_seconds, 5);
  EXPECT_EQ(record.outcome.vae_seconds, 4);
  EXPECT_EQ(record.run.cap_gb, 7.5);
  ASSERT_EQ(record.outcome.stages.size(), 1U);
  EXPECT_EQ(record.outcome.stages[0].stage, "denoise");
}

TEST(ChildResult, ADefaultRunTellsWhatWasReallyUsed) {
  EXPECT_TRUE(record_with(success()).run.offload_to_cpu);
}

TEST(ChildResult, ExitCode0WithoutAResultIsAFailure) {
  EXPECT_FALSE(record_of(run_of("default"), {}).passes());
}

TEST(ChildResult, MemoryBeforeTheFirstStageIsInitOom) {
  const TierRecord record = record_after(5, "the song needs 9 GB and 3 GB are free");
  EXPECT_EQ(record.outcome.error, "Init OOM: the song needs 9 GB and 3 GB are free");
  EXPECT_FALSE(record.outcome.is_loaded);
}

TEST(ChildResult, MemoryWhileLoadingIsInitOom) {
  EXPECT_TRUE(
      record_after(5, "out of memory in stage 'load': x").outcome.error.starts_with("Init OOM: "));
}

TEST(ChildResult, MemoryInAStageIsOom) {
  const TierRecord record = record_after(5, "out of memory in stage 'decode': x\nask for less");
  EXPECT_EQ(record.outcome.error, "OOM: out of memory in stage 'decode': x");
  EXPECT_TRUE(record.outcome.is_loaded);
  EXPECT_FALSE(record.outcome.is_done);
}

TEST(ChildResult, MissingModelsAreAFailedInit) {
  const TierRecord record = record_after(3, "model 'vae' is missing");
  EXPECT_EQ(record.outcome.error, "DiT init failed: model 'vae' is missing");
  EXPECT_FALSE(record.outcome.is_loaded);
}

TEST(ChildResult, OtherErrorsWhileLoadingAreInitExceptions) {
  EXPECT_EQ(record_after(1, "in stage 'load': odd").outcome.error,
            "Init exception: in stage 'load': odd");
}

TEST(ChildResult, OtherErrorsAreGenerationExceptions) {
  EXPECT_EQ(record_after(7, "the song is silent").outcome.error,
            "Generation exception: the song is silent");
}

TEST(ChildResult, ASignalIsNamed) {
  const TierRecord record =
      record_of(run_of("default"), {.end = {.signal = 9}, .result = {}, .log = {}});
  EXPECT_EQ(record.outcome.error, "Generation exception: ended by signal 9 (Killed)");
}

TEST(ChildResult, FewerSongsTogetherThanAskedDoNotPass) {
  const TierRecord record = record_with(success(), run_of("batch-noLM-4", 4));
  EXPECT_FALSE(record.passes());
  EXPECT_EQ(record.outcome.error, "OOM: 1 of 4 songs fitted together");
}

TEST(ChildResult, ABatchMayUseOtherSettingsThanPlanned) {
  const TierRecord record = record_with(success(), run_of("batch-noLM-1"));
  EXPECT_TRUE(record.passes());
  EXPECT_TRUE(record.run.offload_to_cpu);
}

TEST(ChildResult, AVariantThatOffloadedAfterAllDoesNotPass) {
  TierRun run = run_of("no-offload");
  const TierRecord record = record_with(success(), run);
  EXPECT_EQ(record.outcome.error, "OOM: models had to leave the card");
  EXPECT_FALSE(record.run.offload_to_cpu);
}

TEST(ChildResult, AVariantThatQuantisedAfterAllDoesNotPass) {
  json result = success();
  result["extra_outputs"]["memory"]["quantization"] = "int8_weight_only";
  TierRun run = run_of("no-quant");
  run.offload_to_cpu = true;
  EXPECT_EQ(record_with(result, run).outcome.error,
            "OOM: quantization was int8_weight_only in the end");
}

}  // namespace
}  // namespace acestep::profile
