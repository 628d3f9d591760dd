#include <gmock/gmock.h>

#include "plan/published_sizes.h"
#include "plan/transformer.h"
#include "planning.h"

namespace acestep::plan {
namespace {

using ::testing::HasSubstr;

const Wishes kXl = {.dit = "acestep-v15-xl-turbo"};

TEST(Checklist, Row03_KindsByName) {
  EXPECT_EQ(kind_name(dit_kind_of("acestep-v15-xl-sft")), "xl_base");
  EXPECT_EQ(kind_name(dit_kind_of("acestep-v15-xl-turbo")), "xl_turbo");
  EXPECT_EQ(kind_name(dit_kind_of("acestep-v15-turbo")), "turbo");
}

TEST(Checklist, Row04_SizesOfWeights) {
  EXPECT_EQ(dit_gib(dit_kind_of("acestep-v15-xl-base")), 9.0);
  EXPECT_EQ(dit_gib(dit_kind_of("acestep-v15-base")), 4.7);
}

TEST(Checklist, Row05_RefusedBelowTwelveGigabytes) {
  for (const double gib : {4.0, 6.0, 7.6, 11.0}) {
    const Plan plan = plan_at(gib, kXl);
    EXPECT_EQ(plan.dit_model.value, "acestep-v15-turbo") << gib;
    EXPECT_EQ(adjustment_of(plan, "config_path").from, "acestep-v15-xl-turbo");
  }
}

TEST(Checklist, Row05_MarginalFromTwelve) {
  const Plan plan = plan_at(12, kXl, {.songs = 4});
  EXPECT_EQ(plan.dit_model.value, "acestep-v15-xl-turbo");
  EXPECT_TRUE(plan.offload_to_cpu.value);
  EXPECT_TRUE(plan.offload_dit_to_cpu.value);
  EXPECT_EQ(plan.quantization.value, "int8_weight_only");
  EXPECT_EQ(plan.offload_dit_to_cpu.source, Source::kForced);
  EXPECT_EQ(plan.songs_together.value, 2);
}

TEST(Checklist, Row05_MarginalLeavesNoChoice) {
  Wishes wishes = kXl;
  wishes.offload_to_cpu = false;
  wishes.offload_dit_to_cpu = false;
  wishes.quantization = "none";
  const Plan plan = plan_at(12, wishes);
  for (const char* field : {"offload_to_cpu", "offload_dit_to_cpu"}) {
    EXPECT_EQ(adjustment_of(plan, field).to, true) << field;
  }
  EXPECT_EQ(adjustment_of(plan, "quantization").to, "int8_weight_only");
}

TEST(Checklist, Row05_NoOffloadFromTwenty) {
  const Plan plan = plan_at(20, kXl);
  EXPECT_FALSE(plan.offload_to_cpu.value);
  EXPECT_EQ(plan.quantization.value, "none");
  EXPECT_TRUE(plan.findings.adjustments.empty());
}

TEST(Checklist, Row06_EveryLanguageModelGoesWithXl) {
  Wishes wishes = kXl;
  wishes.language_model = true;
  wishes.lm = "acestep-5Hz-lm-4B";
  const Plan plan = plan_at(24.5, wishes);
  EXPECT_EQ(plan.lm_model.value, "acestep-5Hz-lm-4B");
  EXPECT_TRUE(plan.findings.adjustments.empty());
}

TEST(Checklist, Row07_OffloadAtSixteen) {
  Wishes wishes = kXl;
  wishes.offload_to_cpu = false;
  const Plan plan = plan_at(16, wishes);
  EXPECT_TRUE(plan.offload_to_cpu.value);
  EXPECT_EQ(plan.offload_to_cpu.source, Source::kForced);
  EXPECT_EQ(adjustment_of(plan, "offload_to_cpu").to, true);
  EXPECT_FALSE(plan.offload_dit_to_cpu.value);
}

TEST(Checklist, Row60_SixteenAndTwentyWithXl) {
  EXPECT_TRUE(plan_at(16, kXl).offload_to_cpu.value);
  EXPECT_FALSE(plan_at(20, kXl).offload_to_cpu.value);
}

TEST(Checklist, Row61_TheSumOfEverything) {
  const WholeSong song = {
      .dit = dit_kind_of("acestep-v15-xl-sft"), .songs = 1, .seconds = 240, .lm = LmSize::k4B};
  EXPECT_NEAR(resident_gib(song), 9.0 + 0.33 + 1.2 + 0.5 + 4.0 + 9.6 + 0.5, 1e-9);
}

TEST(AllowUnsupported, XlRunsOnSmallCardsWithEverythingSaved) {
  Wishes wishes = kXl;
  wishes.allow_unsupported = true;
  const Plan plan = plan_at(6, wishes, {.songs = 1});
  EXPECT_EQ(plan.dit_model.value, "acestep-v15-xl-turbo");
  EXPECT_TRUE(plan.offload_dit_to_cpu.value);
  EXPECT_EQ(plan.quantization.value, "int8_weight_only");
  EXPECT_THAT(plan.findings.warnings.at(0), HasSubstr("several times longer"));
}

TEST(Sibling, OfEveryPublishedXlModel) {
  EXPECT_EQ(sibling_2b("acestep-v15-xl-turbo"), "acestep-v15-turbo");
  EXPECT_EQ(sibling_2b("/models/acestep-v15-xl-sft"), "acestep-v15-sft");
  EXPECT_EQ(sibling_2b("acestep-v15-xl-base"), "acestep-v15-base");
  EXPECT_EQ(sibling_2b("xl-turbo"), "turbo");
}

}  // namespace
}  // namespace acestep::plan
