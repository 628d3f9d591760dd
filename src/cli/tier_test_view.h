// What the tier test tells while it runs, and its plans and results for people and scripts.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "profile/compare.h"
#include "profile/tier_test.h"

namespace acestep::cli {

// Log lines for people; the files named are written anew after every run, so that a test that is
// stopped leaves what it found.
class TierTestProgress final : public profile::TierTestListener {
 public:
  struct Files {
    std::string records = {};  // --benchmark_output; "" none
    std::string chart = {};    // --plot
  };
  explicit TierTestProgress(Files files) : files_(std::move(files)) {}

  void size_begins(double size_gb, const plan::Plan& plan) override;
  void run_begins(const profile::TierRun& run) override;
  void run_ends(const profile::TierRecord& record) override;
  void skips(const profile::Skip& skip) override;

 private:
  Files files_;
  std::vector<profile::TierRecord> records_;
};

// Of every size: the tier, its settings, what would run and what would not.
nlohmann::json tier_plans_json(const profile::TierPlanner& planner);
std::string tier_plans_text(const profile::TierPlanner& planner);

struct TierTestReport {
  const profile::TierTestOptions& options;
  const profile::TierTestResult& result;
  std::optional<profile::Comparison> comparison = {};
  int exit_code = 0;
};
nlohmann::json tier_test_json(const TierTestReport& report);
// Summary, failures, boundary analysis, batches, comparison; as far as they were asked for.
std::string tier_test_text(const TierTestReport& report);

}  // namespace acestep::cli
