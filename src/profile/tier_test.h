// The tier test itself: one run after another on cards of every size, and what came of each.
#pragma once

#include <vector>

#include "profile/tier_planner.h"
#include "profile/tier_record.h"

namespace acestep::profile {

// Makes the songs of a run.
class Runner {
 public:
  virtual ~Runner() = default;
  // Never throws for a song that fails; throws Error when it cannot try at all, or is to stop.
  // `run` is what is asked; what was really used replaces it in the returned record.
  virtual TierRecord make(const TierRun& run) = 0;
};

// Hears of everything as it happens.
class TierTestListener {
 public:
  virtual ~TierTestListener() = default;
  virtual void size_begins(double size_gb, const plan::Plan& plan) = 0;
  virtual void run_begins(const TierRun& run) = 0;
  virtual void run_ends(const TierRecord& record) = 0;
  virtual void skips(const Skip& skip) = 0;
};

struct TierTestResult {
  std::vector<TierRecord> records;  // in the order of the runs
  std::vector<Skip> skips;

  bool default_runs_pass() const;
};

// Numbers of songs that the batch boundary tries, until the first that fails.
inline constexpr int64_t kTriedSongs[] = {1, 2, 4, 8};

// Of each size: the tier's own settings, then the variants, then the batches without and with a
// language model. A run that fails stops none but larger batches of its kind.
TierTestResult run_tier_test(const TierPlanner& planner, Runner& runner,
                             TierTestListener& listener);

// The runs that would be tried if all passed, and those that would not.
struct TierTestOutline {
  std::vector<TierRun> runs;
  std::vector<Skip> skips;
};
TierTestOutline outline(const TierPlanner& planner, double size_gb);

}  // namespace acestep::profile
