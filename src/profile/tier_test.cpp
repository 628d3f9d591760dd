#include "profile/tier_test.h"

#include <algorithm>

namespace acestep::profile {
namespace {

using LmUse = TierPlanner::LmUse;

// Runs of which each is only worth trying if the one before passed.
using Ladder = std::vector<TierRun>;

struct SizePlan {
  std::vector<Ladder> ladders;
  std::vector<Skip> skips;
};

Ladder batch_ladder(const TierPlanner& planner, double size_gb, LmUse lm) {
  Ladder ladder;
  for (const int64_t songs : kTriedSongs) {
    ladder.push_back(planner.batch_run(size_gb, lm, songs));
  }
  return ladder;
}

void add_variant(const TierPlanner& planner, double size_gb, Variant variant, SizePlan& plan) {
  if (const auto skip = planner.skip_of(size_gb, variant)) {
    plan.skips.push_back(*skip);
  } else {
    plan.ladders.push_back({planner.run_of(size_gb, variant)});
  }
}

SizePlan plan_size(const TierPlanner& planner, double size_gb) {
  const TierTestOptions& options = planner.options();
  SizePlan plan;
  const auto lm_skip = planner.lm_skip_of(size_gb);
  add_variant(planner, size_gb, Variant::kDefault, plan);
  if (options.boundary) {
    add_variant(planner, size_gb, Variant::kNoQuant, plan);
    add_variant(planner, size_gb, Variant::kNoOffload, plan);
  }
  if (options.batch_boundary) {
    plan.ladders.push_back(batch_ladder(planner, size_gb, LmUse::kNone));
    if (!lm_skip) plan.ladders.push_back(batch_ladder(planner, size_gb, LmUse::kWanted));
  }
  const bool wants_lm = options.with_lm || options.batch_boundary;
  if (wants_lm && lm_skip) plan.skips.push_back(*lm_skip);
  return plan;
}

}  // namespace

bool TierTestResult::default_runs_pass() const {
  return std::all_of(records.begin(), records.end(), [](const TierRecord& record) {
    return !record.run.is_default() || record.passes();
  });
}

TierTestResult run_tier_test(const TierPlanner& planner, Runner& runner,
                             TierTestListener& listener) {
  TierTestResult result;
  for (const double size_gb : planner.options().sizes_gb) {
    listener.size_begins(size_gb, planner.default_plan(size_gb));
    const SizePlan plan = plan_size(planner, size_gb);
    for (const Skip& skip : plan.skips) listener.skips(skip);
    result.skips.insert(result.skips.end(), plan.skips.begin(), plan.skips.end());
    for (const Ladder& ladder : plan.ladders) {
      for (const TierRun& run : ladder) {
        listener.run_begins(run);
        result.records.push_back(runner.make(run));
        listener.run_ends(result.records.back());
        if (!result.records.back().passes()) break;
      }
    }
  }
  return result;
}

TierTestOutline outline(const TierPlanner& planner, double size_gb) {
  SizePlan plan = plan_size(planner, size_gb);
  TierTestOutline outline;
  outline.skips = std::move(plan.skips);
  for (const Ladder& ladder : plan.ladders) {
    outline.runs.insert(outline.runs.end(), ladder.begin(), ladder.end());
  }
  return outline;
}

}  // namespace acestep::profile
