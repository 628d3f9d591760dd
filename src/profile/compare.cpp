#include "profile/compare.h"

#include <algorithm>
#include <cmath>

#include "plan/size_text.h"
#include "profile/summary.h"

namespace acestep::profile {
namespace {

bool is_same_run(const TierRun& a, const TierRun& b) {
  return a.size_gb == b.size_gb && a.variant == b.variant && a.songs == b.songs &&
         a.seconds == b.seconds && a.uses_lm() == b.uses_lm();
}

const TierRecord* find(const std::vector<TierRecord>& records, const TierRun& run) {
  const auto found = std::find_if(records.begin(), records.end(), [&](const TierRecord& record) {
    return is_same_run(record.run, run);
  });
  return found == records.end() ? nullptr : &*found;
}

std::string percent(double factor) {
  return std::to_string(std::llround((factor - 1) * 100)) + " %";
}

std::string change(const std::string& before, const std::string& after, double factor) {
  return " " + before + " -> " + after + " (" + (factor > 1 ? "+" : "") + percent(factor) + ")";
}

std::string seconds_text(double seconds) { return plan::number_text(seconds) + " s"; }

void compare_peaks(const std::string& name, const Outcome& before, const Outcome& now,
                   Comparison& comparison) {
  if (before.peak_gb.value_or(0) <= 0 || !now.peak_gb) return;
  const double factor = *now.peak_gb / *before.peak_gb;
  const std::string line =
      name + ": peak" + change(memory_text(*before.peak_gb), memory_text(*now.peak_gb), factor);
  if (factor > 1 + kAllowedPeakGrowth) comparison.regressions.push_back(line);
  if (factor < 1 - kAllowedPeakGrowth) comparison.notes.push_back(line);
}

void compare_times(const std::string& name, const Outcome& before, const Outcome& now,
                   Comparison& comparison) {
  if (before.wall_seconds <= 0) return;
  const double factor = now.wall_seconds / before.wall_seconds;
  const bool is_noted = factor > 1 + kNotedSlowdown || factor < 1 - kNotedSlowdown;
  if (!is_noted) return;
  comparison.notes.push_back(
      name + ": time" +
      change(seconds_text(before.wall_seconds), seconds_text(now.wall_seconds), factor));
}

void compare_runs(const TierRecord& before, const TierRecord& now, Comparison& comparison) {
  const std::string name = run_name(now.run);
  if (before.passes() && !now.passes()) {
    comparison.regressions.push_back(name + ": passed before, now " + now.outcome.error);
  }
  if (!before.passes() && now.passes()) comparison.notes.push_back(name + ": failed before");
  if (!before.passes() || !now.passes()) return;
  compare_peaks(name, before.outcome, now.outcome, comparison);
  compare_times(name, before.outcome, now.outcome, comparison);
}

std::string lines(const char* label, const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += std::string(label) + item + "\n";
  return text;
}

}  // namespace

Comparison compare(const std::vector<TierRecord>& earlier, const std::vector<TierRecord>& now) {
  Comparison comparison;
  for (const TierRecord& record : now) {
    const TierRecord* before = find(earlier, record.run);
    if (before == nullptr) {
      comparison.notes.push_back(run_name(record.run) + ": not in the earlier test");
    } else {
      compare_runs(*before, record, comparison);
    }
  }
  for (const TierRecord& record : earlier) {
    if (find(now, record.run) == nullptr) {
      comparison.notes.push_back(run_name(record.run) + ": only in the earlier test");
    }
  }
  return comparison;
}

std::string comparison_text(const Comparison& comparison) {
  const std::string text =
      lines("regression: ", comparison.regressions) + lines("note: ", comparison.notes);
  return text.empty() ? "as in the earlier test\n" : text;
}

nlohmann::json comparison_json(const Comparison& comparison) {
  return {{"regressions", comparison.regressions}, {"notes", comparison.notes}};
}

}  // namespace acestep::profile
