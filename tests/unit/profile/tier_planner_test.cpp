#include "profile/tier_planner.h"

#include <gtest/gtest.h>

#include "records.h"

namespace acestep::profile {
namespace {

using LmUse = TierPlanner::LmUse;

TEST(Checklist, Row70_AllTiersAreTestedByDefault) {
  EXPECT_EQ(TierTestOptions{}.sizes_gb, (std::vector<double>{4, 6, 8, 12, 16, 20, 24, 48}));
}

TEST(Checklist, Row72_TheLanguageModelRunsWhereTheTierHasOne) {
  const TierPlanner planner = planner_for({.with_lm = true});
  EXPECT_EQ(planner.run_of(4, Variant::kDefault).lm_model, "");
  EXPECT_EQ(planner.run_of(6, Variant::kDefault).lm_model, "");
  EXPECT_EQ(planner.run_of(8, Variant::kDefault).lm_model, "acestep-5Hz-lm-0.6B");
  EXPECT_EQ(planner.run_of(48, Variant::kDefault).lm_model, "acestep-5Hz-lm-4B");
}

TEST(TierPlanner, RunsWithoutALanguageModelUnlessAsked) {
  EXPECT_FALSE(planner_for({}).run_of(48, Variant::kDefault).uses_lm());
}

TEST(TierPlanner, GoesWithoutALanguageModelThatIsNotInstalled) {
  const TierPlanner planner = planner_for({.with_lm = true}, {}, {});
  EXPECT_FALSE(planner.run_of(48, Variant::kDefault).uses_lm());
  ASSERT_TRUE(planner.lm_skip_of(48));
  EXPECT_EQ(planner.lm_skip_of(48)->reason, "LM not available: acestep-5Hz-lm-4B is not installed");
}

TEST(Checklist, Row76_ADurationAboveTheTiersLimitIsShortened) {
  const TierPlanner planner = planner_for({.seconds = 600});
  EXPECT_EQ(planner.run_of(4, Variant::kDefault).seconds, 360);
  ASSERT_EQ(planner.default_plan(4).findings.adjustments.size(), 1U);
  EXPECT_EQ(planner.default_plan(4).findings.adjustments[0].field, "duration");
  EXPECT_EQ(planner.run_of(48, Variant::kDefault).seconds, 600);
}

TEST(Checklist, Row80_TheDefaultVariantIsTheTiersOwn) {
  const TierRun run = planner_for({}).run_of(16, Variant::kDefault);
  EXPECT_EQ(run.quantization, "int8_weight_only");
  EXPECT_TRUE(run.offload_to_cpu);
  EXPECT_FALSE(run.offload_dit_to_cpu);
  EXPECT_EQ(run.cap_gb, 15.5);
}

TEST(Checklist, Row81_NoQuantKeepsTheOffload) {
  const TierPlanner planner = planner_for({.boundary = true});
  EXPECT_FALSE(planner.skip_of(8, Variant::kNoQuant));
  const TierRun run = planner.run_of(8, Variant::kNoQuant);
  EXPECT_EQ(run.quantization, "none");
  EXPECT_TRUE(run.offload_to_cpu);
  EXPECT_TRUE(run.offload_dit_to_cpu);
}

TEST(Checklist, Row81_NoQuantIsSkippedWhereNothingIsQuantised) {
  const auto skip = planner_for({.boundary = true}).skip_of(20, Variant::kNoQuant);
  ASSERT_TRUE(skip);
  EXPECT_EQ(skip->tier, "tier6b");
  EXPECT_EQ(skip->variant, "no-quant");
}

TEST(Checklist, Row82_NoOffloadSwitchesBothOff) {
  const TierPlanner planner = planner_for({.boundary = true});
  EXPECT_FALSE(planner.skip_of(8, Variant::kNoOffload));
  const TierRun run = planner.run_of(8, Variant::kNoOffload);
  EXPECT_EQ(run.quantization, "none");
  EXPECT_FALSE(run.offload_to_cpu);
  EXPECT_FALSE(run.offload_dit_to_cpu);
}

TEST(Checklist, Row82_NoOffloadIsSkippedBelow8GbAndWhereNothingLeaves) {
  const TierPlanner planner = planner_for({.boundary = true});
  EXPECT_TRUE(planner.skip_of(7.9, Variant::kNoOffload));
  EXPECT_TRUE(planner.skip_of(20, Variant::kNoOffload));
}

TEST(TierPlanner, SkipsWhatAnXlModelDoesNotAllow) {
  const TierPlanner planner = planner_for({.boundary = true}, {.dit = "acestep-v15-xl-turbo"});
  const auto skip = planner.skip_of(12, Variant::kNoQuant);
  ASSERT_TRUE(skip);
  EXPECT_EQ(skip->reason, "XL models need it on tier5");
}

TEST(TierPlanner, NamesBatchesByTheirLanguageModel) {
  const TierPlanner planner = planner_for({.batch_boundary = true});
  EXPECT_EQ(planner.batch_run(8, LmUse::kNone, 4).variant, "batch-noLM-4");
  const TierRun with_lm = planner.batch_run(8, LmUse::kWanted, 2);
  EXPECT_EQ(with_lm.variant, "batch-LM-2");
  EXPECT_EQ(with_lm.songs, 2);
  EXPECT_EQ(with_lm.lm_model, "acestep-5Hz-lm-0.6B");
}

}  // namespace
}  // namespace acestep::profile
