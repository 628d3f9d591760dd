#include <gmock/gmock.h>

#include "planning.h"

namespace acestep::plan {
namespace {

Plan with_compute(const char* compute, const Wishes& wishes = {}) {
  return make_plan(simulated(24, parse_capability(compute)), wishes, {}, {});
}

TEST(Checklist, Row49_NumberFormatByCapability) {
  EXPECT_EQ(with_compute("6.1").dtype.value, "fp16");
  EXPECT_EQ(with_compute("7.5").dtype.value, "fp16");
  EXPECT_EQ(with_compute("8.0").dtype.value, "bf16");
  EXPECT_EQ(with_compute("12.0").dtype.value, "bf16");
  EXPECT_EQ(with_compute("rocm:9.4").dtype.value, "fp32");
  EXPECT_EQ(with_compute("8.6", {.dtype = "fp32"}).dtype.source, Source::kUser);
}

TEST(Checklist, Row52_AttentionByCapability) {
  EXPECT_EQ(with_compute("7.5").attention.value, "eager");
  EXPECT_EQ(with_compute("8.0").attention.value, "sdpa");
}

// Its songs are the processor's, to the byte.
TEST(NumberFormat, ASimulatedCardWithoutCapabilityComputesAsTheProcessor) {
  EXPECT_EQ(plan_at(8, {}, {}, {.has_fast_bfloat16 = true}).dtype.value, "bf16");
  EXPECT_EQ(plan_at(8, {}, {}, {.has_fast_bfloat16 = false}).dtype.value, "fp32");
}

}  // namespace
}  // namespace acestep::plan
