#include "plan/language_model.h"

#include <gmock/gmock.h>

#include "planning.h"

namespace acestep::plan {
namespace {

using ::testing::HasSubstr;

const Surroundings kAllInstalled = {
    .lms_on_disk = {"acestep-5Hz-lm-0.6B", "acestep-5Hz-lm-1.7B", "acestep-5Hz-lm-4B"}};

TEST(Checklist, Row23_ATooLargeModelIsReplacedAndTold) {
  const Plan plan =
      plan_at(8, {.language_model = true, .lm = "acestep-5Hz-lm-1.7B"}, {}, kAllInstalled);
  EXPECT_EQ(plan.lm_model.value, "acestep-5Hz-lm-0.6B");
  EXPECT_EQ(plan.lm_model.source, Source::kForced);
  const auto adjustment = adjustment_of(plan, "lm_model_path");
  EXPECT_EQ(adjustment.from, "acestep-5Hz-lm-1.7B");
  EXPECT_EQ(adjustment.to, "acestep-5Hz-lm-0.6B");
}

TEST(Checklist, Row24_TheRecommendedOneElseTheBestMatch) {
  EXPECT_EQ(plan_at(24.5, {}, {}, kAllInstalled).lm_model.value, "acestep-5Hz-lm-4B");
  EXPECT_EQ(plan_at(20, {}, {}, kAllInstalled).lm_model.value, "acestep-5Hz-lm-1.7B");
  const Surroundings other = {
      .lms_on_disk = {"acestep-5Hz-lm-0.6B", "acestep-5Hz-lm-4B-v2", "acestep-5Hz-lm-4B-v2-fix"}};
  EXPECT_EQ(plan_at(24.5, {}, {}, other).lm_model.value, "acestep-5Hz-lm-4B-v2-fix");
}

TEST(Checklist, Row24_NoneThatIsTooLargeIsChosen) {
  const Plan plan = plan_at(8, {}, {}, {.lms_on_disk = {"acestep-5Hz-lm-4B"}});
  EXPECT_EQ(plan.lm_model.value, "acestep-5Hz-lm-0.6B");
  EXPECT_THAT(plan.lm_model.reason, HasSubstr("none that fits is installed"));
}

TEST(Checklist, Row25_TheAllowedBackendsHaveAReason) {
  const Plan plan = plan_at(8);
  EXPECT_EQ(plan.backends.allowed, (std::vector<std::string>{"vllm", "pt"}));
  EXPECT_FALSE(plan.lm_backend.reason.empty());
}

TEST(Checklist, Row30_OffOnTheSmallestTiersUnlessAsked) {
  for (const double gib : {4.0, 6.0}) {
    EXPECT_FALSE(plan_at(gib).init_lm.value);
    const Plan asked = plan_at(gib, {.language_model = true});
    EXPECT_TRUE(asked.init_lm.value);
    EXPECT_EQ(asked.lm_device.value, "cpu");
    EXPECT_EQ(adjustment_of(asked, "lm_device").to, "cpu");
  }
  for (const double gib : {6.01, 8.0, 12.0, 24.0}) EXPECT_TRUE(plan_at(gib).init_lm.value) << gib;
}

TEST(Checklist, Row30_CanBeSwitchedOff) {
  const Plan plan = plan_at(24, {.language_model = false}, {}, kAllInstalled);
  EXPECT_FALSE(plan.init_lm.value);
  EXPECT_EQ(plan.lm_model.value, "");
  EXPECT_EQ(plan.init_lm.source, Source::kUser);
}

TEST(Checklist, Row32_PtOnTiersOneToThree) {
  for (const double gib : {4.0, 6.0, 7.6}) EXPECT_EQ(plan_at(gib).lm_backend.value, "pt") << gib;
  for (const double gib : {8.0, 16.0, 48.0})
    EXPECT_EQ(plan_at(gib).lm_backend.value, "vllm") << gib;
}

TEST(Checklist, Row17_VllmIsNotUsedWhereTheTableSaysPt) {
  for (const double gib : {4.0, 6.0, 7.6}) {
    const Plan plan = plan_at(gib, {.backend = "vllm"});
    EXPECT_EQ(plan.lm_backend.value, "pt") << gib;
    EXPECT_EQ(plan.backends.allowed, std::vector<std::string>{"pt"}) << gib;
  }
}

TEST(Checklist, Row36_AnIncompatibleBackendIsToldOnce) {
  const Plan plan = plan_at(6, {.backend = "vllm"});
  EXPECT_EQ(plan.lm_backend.value, "pt");
  const auto adjustment = adjustment_of(plan, "backend");
  EXPECT_EQ(adjustment.from, "vllm");
  EXPECT_EQ(adjustment.to, "pt");
  EXPECT_TRUE(plan.findings.warnings.empty());
}

TEST(Checklist, Row42To44_LegacyCardsUsePtOnEveryTier) {
  for (const char* compute : {"5.2", "6.0", "6.1"}) {
    for (const double gib : {4.0, 12.0, 48.0}) {
      const Plan plan = make_plan(simulated(gib, parse_capability(compute)), {}, {}, {});
      EXPECT_EQ(plan.lm_backend.value, "pt") << compute << " " << gib;
      EXPECT_EQ(plan.backends.allowed, std::vector<std::string>{"pt"});
    }
  }
}

TEST(Checklist, Row45_ExplicitVllmIsTurnedIntoPtThere) {
  const Plan plan = make_plan(simulated(48, parse_capability("6.1")), {.backend = "vllm"}, {}, {});
  EXPECT_EQ(plan.lm_backend.value, "pt");
  EXPECT_THAT(adjustment_of(plan, "backend").why, HasSubstr("6.1 < 7.0"));
}

TEST(Checklist, Row46_VoltaAndNewerKeepVllm) {
  for (const char* compute : {"7.0", "7.5", "8.0", "8.9", "9.0", "12.0"}) {
    const Plan plan = make_plan(simulated(12, parse_capability(compute)), {}, {}, {});
    EXPECT_EQ(plan.lm_backend.value, "vllm") << compute;
  }
}

TEST(Checklist, Row47_TheReasonSaysWhy) {
  const Plan plan = make_plan(simulated(12, parse_capability("6.1")), {}, {}, {});
  EXPECT_THAT(plan.lm_backend.reason, HasSubstr("Volta"));
  EXPECT_THAT(plan.lm_backend.reason, HasSubstr("slower"));
}

TEST(Checklist, Row48_RocmIsNotPartOfTheCheck) {
  const Plan plan = make_plan(simulated(12, parse_capability("rocm:6.1")), {}, {}, {});
  EXPECT_EQ(plan.lm_backend.value, "vllm");
}

TEST(Checklist, Row54_OffUpToSixGigabytes) {
  EXPECT_FALSE(plan_at(6).init_lm.value);
  EXPECT_EQ(plan_at(6).lm_model.value, "");
  EXPECT_TRUE(plan_at(6.5).init_lm.value);
}

TEST(Checklist, Row58_SmallCardsUseTheSmallestModel) {
  const Plan plan = plan_at(7.6, {}, {}, kAllInstalled);
  EXPECT_EQ(plan.lm_model.value, "acestep-5Hz-lm-0.6B");
  EXPECT_EQ(plan.lm_backend.value, "pt");
  EXPECT_TRUE(plan.offload_to_cpu.value);
}

TEST(Checklist, Row59_MediumCards) {
  EXPECT_EQ(plan_at(8.01, {}, {}, kAllInstalled).lm_model.value, "acestep-5Hz-lm-0.6B");
  EXPECT_EQ(plan_at(12.01, {}, {}, kAllInstalled).lm_model.value, "acestep-5Hz-lm-1.7B");
}

TEST(Backend, MlxIsToldAndTheTiersOwnIsUsed) {
  const Plan plan = plan_at(16, {.backend = "mlx"});
  EXPECT_EQ(plan.lm_backend.value, "vllm");
  EXPECT_THAT(adjustment_of(plan, "backend").why, HasSubstr("Apple"));
}

TEST(Backend, FastIsVllmAndPtIsGranted) {
  EXPECT_TRUE(plan_at(16, {.backend = "fast"}).findings.adjustments.empty());
  EXPECT_EQ(plan_at(16, {.backend = "pt"}).lm_backend.source, Source::kUser);
}

TEST(AllowUnsupported, ALargerModelIsLoadedInInt8) {
  const Plan plan =
      plan_at(8, {.language_model = true, .lm = "acestep-5Hz-lm-4B", .allow_unsupported = true});
  EXPECT_EQ(plan.lm_model.value, "acestep-5Hz-lm-4B");
  EXPECT_EQ(plan.lm_quantization.value, "int8_weight_only");
  EXPECT_TRUE(plan.findings.adjustments.empty());
  EXPECT_EQ(plan.findings.warnings.size(), 1u);
}

}  // namespace
}  // namespace acestep::plan
