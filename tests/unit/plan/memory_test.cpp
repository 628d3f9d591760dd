#include <gmock/gmock.h>

#include "planning.h"

namespace acestep::plan {
namespace {

using ::testing::HasSubstr;

TEST(Checklist, Row29_Int8UpToTier6a) {
  EXPECT_EQ(plan_at(19).quantization.value, "int8_weight_only");
  EXPECT_EQ(plan_at(20).quantization.value, "none");
}

TEST(Checklist, Row33_OffloadOfEveryTier) {
  for (const double gib : {4.0, 6.0, 7.6, 8.0, 11.9}) {
    EXPECT_TRUE(plan_at(gib).offload_to_cpu.value) << gib;
    EXPECT_TRUE(plan_at(gib).offload_dit_to_cpu.value) << gib;
  }
  for (const double gib : {12.0, 16.0, 19.9}) {
    EXPECT_TRUE(plan_at(gib).offload_to_cpu.value) << gib;
    EXPECT_FALSE(plan_at(gib).offload_dit_to_cpu.value) << gib;
  }
  EXPECT_FALSE(plan_at(20).offload_to_cpu.value);
}

TEST(Checklist, Row34_QuantizationHasItsReason) {
  EXPECT_EQ(plan_at(8).quantization.reason, "8.0 GB < 20 GB");
  EXPECT_EQ(plan_at(24).quantization.reason, "24.0 GB >= 20 GB");
}

TEST(Checklist, Row35_Int8DoesNotDependOnCompiling) {
  EXPECT_EQ(plan_at(8, {.compile_model = true}).quantization.value, "int8_weight_only");
  EXPECT_EQ(plan_at(8, {.compile_model = false}).quantization.value, "int8_weight_only");
  EXPECT_THAT(plan_at(8, {.compile_model = true}).findings.warnings.at(0), HasSubstr("no effect"));
}

TEST(Checklist, Row55_EveryOverrideIsTheUsers) {
  const Plan plan = plan_at(16, {.tier = "tier4",
                                 .offload_to_cpu = true,
                                 .offload_dit_to_cpu = false,
                                 .quantization = "none"});
  EXPECT_EQ(plan.tier.source, Source::kUser);
  EXPECT_EQ(plan.tier.value->name, "tier4");
  EXPECT_EQ(plan.device.tier_gib, 16);
  EXPECT_EQ(plan.offload_to_cpu.source, Source::kUser);
  EXPECT_EQ(plan.offload_dit_to_cpu.source, Source::kUser);
  EXPECT_FALSE(plan.offload_dit_to_cpu.value);
  EXPECT_EQ(plan.quantization.value, "none");
  EXPECT_TRUE(plan.findings.adjustments.empty());
}

TEST(Checklist, Row57_SwitchingOffWhatSmallCardsNeedIsWarnedOf) {
  for (const double gib : {4.0, 6.0}) {
    const Plan plan = plan_at(gib, {.quantization = "none"});
    EXPECT_EQ(plan.quantization.value, "none");  // the user's word counts
    ASSERT_EQ(plan.findings.warnings.size(), 1u);
    EXPECT_THAT(plan.findings.warnings[0], HasSubstr("quantization"));
    EXPECT_EQ(plan_at(gib, {.offload_to_cpu = false}).findings.warnings.size(), 1u);
  }
}

TEST(Checklist, Row49_OldCardsQuantizeBothSides) {
  const Plan plan = make_plan(simulated(8, parse_capability("6.1")), {}, {}, {});
  EXPECT_EQ(plan.quantization.value, "w8a8_dynamic");
  const Plan rocm = make_plan(simulated(8, parse_capability("rocm:6.1")), {}, {}, {});
  EXPECT_EQ(rocm.quantization.value, "int8_weight_only");
}

TEST(Quantization, EightBitFloatsBecomeInt8) {
  const Plan plan = plan_at(8, {.quantization = " FP8_weight_only "});
  EXPECT_EQ(plan.quantization.value, "int8_weight_only");
  EXPECT_EQ(adjustment_of(plan, "quantization").from, "fp8_weight_only");
}

TEST(Quantization, UnknownNamesAreRefused) {
  EXPECT_THAT(refusal([] { plan_at(8, {.quantization = "int4"}); }), HasSubstr("'int4'"));
}

TEST(Offload, OfTheDitNeedsTheOther) {
  const Plan plan = plan_at(24, {.offload_dit_to_cpu = true});
  EXPECT_FALSE(plan.offload_dit_to_cpu.value);
  EXPECT_EQ(adjustment_of(plan, "offload_dit_to_cpu").to, false);
}

TEST(Offload, TheProcessorHasNothingToLeave) {
  const Device cpu = choose_device("cpu", machine_with(), {.max_gib = 8.0});
  const Plan plan = make_plan(cpu, {.offload_to_cpu = true}, {}, {});
  EXPECT_FALSE(plan.offload_to_cpu.value);
  EXPECT_EQ(adjustment_of(plan, "offload_to_cpu").to, false);
  EXPECT_EQ(plan.quantization.value, "none");
}

TEST(Tier, UnknownNamesAreRefused) {
  EXPECT_THAT(refusal([] { plan_at(8, {.tier = "teir4"}); }), HasSubstr("did you mean 'tier4'"));
}

}  // namespace
}  // namespace acestep::plan
