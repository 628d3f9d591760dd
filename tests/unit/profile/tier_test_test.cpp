#include "profile/tier_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "records.h"

namespace acestep::profile {
namespace {

using testing::ElementsAre;

// Passes what `fits` says.
class FakeRunner final : public Runner {
 public:
  explicit FakeRunner(std::function<bool(const TierRun&)> fits) : fits_(std::move(fits)) {}
  TierRecord make(const TierRun& run) override {
    const bool passes = fits_(run);
    return {run, {.is_loaded = true, .is_done = passes, .error = passes ? "" : "OOM: no room"}};
  }

 private:
  std::function<bool(const TierRun&)> fits_;
};

class SilentListener final : public TierTestListener {
 public:
  void size_begins(double, const plan::Plan&) override {}
  void run_begins(const TierRun&) override {}
  void run_ends(const TierRecord&) override {}
  void skips(const Skip& skip) override { skips_.push_back(skip.variant + ": " + skip.reason); }
  const std::vector<std::string>& told() const { return skips_; }

 private:
  std::vector<std::string> skips_;
};

TierTestResult test_with(const TierPlanner& planner, std::function<bool(const TierRun&)> fits) {
  FakeRunner runner(std::move(fits));
  SilentListener listener;
  return run_tier_test(planner, runner, listener);
}

bool always(const TierRun&) { return true; }

std::vector<std::string> variants_of(const TierTestResult& result) {
  std::vector<std::string> names;
  for (const TierRecord& record : result.records) names.push_back(record.run.variant);
  return names;
}

TEST(Checklist, Row71_OnlyTheNamedSizesAreTested) {
  const auto result = test_with(planner_for({.sizes_gb = {6, 8, 16}}), always);
  ASSERT_EQ(result.records.size(), 3U);
  EXPECT_EQ(result.records[0].run.tier, "tier2");
  EXPECT_EQ(result.records[2].run.tier, "tier6a");
}

TEST(Checklist, Row77_ATestWithAFailedDefaultRunDoesNotPass) {
  const TierPlanner planner = planner_for({.sizes_gb = {4, 8}});
  EXPECT_TRUE(test_with(planner, always).default_runs_pass());
  const auto fails_at_4 = [](const TierRun& run) { return run.size_gb != 4; };
  EXPECT_FALSE(test_with(planner, fails_at_4).default_runs_pass());
}

TEST(TierTest, AFailedVariantIsNoFailureOfTheTest) {
  const TierPlanner planner = planner_for({.sizes_gb = {8}, .boundary = true});
  const auto result = test_with(planner, [](const TierRun& run) { return run.is_default(); });
  EXPECT_TRUE(result.default_runs_pass());
  EXPECT_EQ(result.records.size(), 3U);
}

TEST(Checklist, Row79_ABoundaryTestRunsUpToThreeVariants) {
  const auto result = test_with(planner_for({.sizes_gb = {4, 16, 48}, .boundary = true}), always);
  EXPECT_THAT(variants_of(result),
              ElementsAre("default", "no-quant", "default", "no-quant", "no-offload", "default"));
  EXPECT_EQ(result.skips.size(), 3U);
}

TEST(Checklist, Row90_BatchesRiseUntilTheFirstFailure) {
  const TierPlanner planner = planner_for({.sizes_gb = {8}, .batch_boundary = true}, {}, {});
  const auto result = test_with(planner, [](const TierRun& run) { return run.songs < 4; });
  EXPECT_THAT(variants_of(result),
              ElementsAre("default", "batch-noLM-1", "batch-noLM-2", "batch-noLM-4"));
}

TEST(Checklist, Row91_BatchesAreTriedWithALanguageModelToo) {
  const TierPlanner planner = planner_for({.sizes_gb = {8}, .batch_boundary = true});
  const auto result = test_with(planner, [](const TierRun& run) { return run.songs == 1; });
  EXPECT_THAT(variants_of(result),
              ElementsAre("default", "batch-noLM-1", "batch-noLM-2", "batch-LM-1", "batch-LM-2"));
}

TEST(Checklist, Row91_AMissingLanguageModelIsTold) {
  const TierPlanner planner = planner_for({.sizes_gb = {8}, .batch_boundary = true}, {}, {});
  FakeRunner runner(always);
  SilentListener listener;
  run_tier_test(planner, runner, listener);
  EXPECT_THAT(listener.told(), ElementsAre("LM: LM not available: acestep-5Hz-lm-0.6B is not "
                                           "installed"));
}

TEST(TierTest, OutlineNamesWhatWouldRun) {
  const TierPlanner planner = planner_for({.boundary = true, .batch_boundary = true});
  const TierTestOutline plan = outline(planner, 4);
  EXPECT_EQ(plan.runs.size(), 6U);  // default, no-quant, four batches
  EXPECT_EQ(plan.skips.size(), 2U);
}

}  // namespace
}  // namespace acestep::profile
