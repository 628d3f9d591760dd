#include "profile/boundary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "records.h"

namespace acestep::profile {
namespace {

using testing::HasSubstr;

TierRecord variant_of(TierRecord record, const std::string& variant, bool offloads) {
  record.run.variant = variant;
  record.run.offload_to_cpu = offloads;
  return record;
}

std::vector<TierRecord> sample() {
  TierRecord quantised = passed(16, "tier6a");
  quantised.run.quantization = "int8_weight_only";
  quantised.run.offload_to_cpu = true;
  return {quantised, variant_of(failed(16, "tier6a"), "no-quant", true),
          variant_of(failed(16, "tier6a"), "no-offload", false), passed(20, "tier6b", 9.5),
          passed(24, "unlimited", 9.6)};
}

TEST(Checklist, Row87_TheTableHasTheGuidesLayout) {
  EXPECT_THAT(
      boundary_text(find_boundaries(sample())),
      testing::StartsWith("BOUNDARY ANALYSIS\n"
                          "=================\n"
                          "Capability                            Min Tier    VRAM\n"
                          "------------------------------------------------------------\n"
                          "No INT8 Quantization                  tier6b      20GB\n"
                          "No CPU Offload (all models on GPU)    tier6b      20GB\n"
                          "------------------------------------------------------------\n"));
}

TEST(Checklist, Row87_WhereNothingPassesTheTableSaysSo) {
  EXPECT_THAT(boundary_text(find_boundaries({failed(24, "unlimited")})),
              HasSubstr("No INT8 Quantization                  N/A         N/A\n"));
}

TEST(Checklist, Row88_TheNoteNamesWhatResultsDependOn) {
  const std::string text = boundary_text(find_boundaries(sample()));
  for (const char* word : {"diffusion model", "language model", "duration", "attention kernel"}) {
    EXPECT_THAT(text, HasSubstr(word));
  }
}

TEST(Boundary, TellsPeakAndLastFailure) {
  EXPECT_THAT(boundary_text(find_boundaries(sample())),
              HasSubstr("No INT8 Quantization: peak 9.5GB; last failure tier6a 16GB: OOM: no "
                        "room\n"));
}

TEST(Boundary, AQuantisedDefaultRunShowsNothingAboutItsAbsence) {
  const Boundaries boundaries = find_boundaries(sample());
  EXPECT_EQ(boundaries.no_quantization.smallest->run.size_gb, 20);
}

TEST(Boundary, TheSmallestSizeCountsInWhateverOrder) {
  const Boundaries boundaries = find_boundaries({passed(48, "unlimited"), passed(20, "tier6b")});
  EXPECT_EQ(boundaries.no_offload.smallest->run.size_gb, 20);
}

TEST(Boundary, BatchesDoNotCount) {
  const Boundaries boundaries =
      find_boundaries({variant_of(passed(20, "tier6b"), "batch-noLM-1", false)});
  EXPECT_FALSE(boundaries.no_quantization.smallest);
}

TEST(Boundary, JsonNamesTierAndSize) {
  const nlohmann::json object = boundary_json(find_boundaries(sample()));
  EXPECT_EQ(object["no_offload"]["tier"], "tier6b");
  EXPECT_EQ(object["no_offload"]["tier_gb"], 20);
  EXPECT_EQ(object["no_offload"]["last_failure_gb"], 16);
}

}  // namespace
}  // namespace acestep::profile
