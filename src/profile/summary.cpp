#include "profile/summary.h"

#include <algorithm>
#include <cstdio>

#include "plan/size_text.h"

namespace acestep::profile {
namespace {

std::string seconds_text(double seconds) {
  char digits[64];
  std::snprintf(digits, sizeof(digits), "%.1f", seconds);
  return digits;
}

std::string optional_seconds(const std::optional<double>& seconds) {
  return seconds ? seconds_text(*seconds) : "-";
}

std::string result_of(const TierRecord& record) {
  if (record.passes()) return "ok";
  const std::string& error = record.outcome.error;
  return "FAIL: " + error.substr(0, error.find(':'));
}

}  // namespace

std::string run_name(const TierRun& run) {
  return plan::bound_text(run.size_gb) + "GB " + run.variant;
}

std::string offload_text(const TierRun& run) {
  if (!run.offload_to_cpu) return "none";
  return run.offload_dit_to_cpu ? "CPU+DiT" : "CPU";
}

std::vector<std::vector<std::string>> summary_cells(const std::vector<TierRecord>& records) {
  std::vector<std::vector<std::string>> cells = {{"VRAM", "Tier", "Variant", "LM", "Offload",
                                                  "Quantization", "Song", "Batch", "Peak", "LM s",
                                                  "DiT s", "VAE s", "Wall s", "Result"}};
  for (const TierRecord& record : records) {
    const TierRun& run = record.run;
    const Outcome& outcome = record.outcome;
    cells.push_back({plan::bound_text(run.size_gb) + "GB", run.tier, run.variant,
                     run.uses_lm() ? run.lm_model : "none", offload_text(run), run.quantization,
                     plan::bound_text(run.seconds) + "s", std::to_string(run.songs),
                     memory_text(outcome.peak_gb), optional_seconds(outcome.lm_seconds),
                     optional_seconds(outcome.dit_seconds), optional_seconds(outcome.vae_seconds),
                     seconds_text(outcome.wall_seconds), result_of(record)});
  }
  return cells;
}

std::string summary_count(const std::vector<TierRecord>& records) {
  const auto passed = std::count_if(records.begin(), records.end(),
                                    [](const TierRecord& record) { return record.passes(); });
  const auto all = static_cast<std::ptrdiff_t>(records.size());
  return std::to_string(all) + (all == 1 ? " run, " : " runs, ") + std::to_string(passed) +
         " passed, " + std::to_string(all - passed) + " failed";
}

std::string failures_text(const std::vector<TierRecord>& records) {
  std::string text;
  for (const TierRecord& record : records) {
    if (!record.passes()) text += run_name(record.run) + ": " + record.outcome.error + "\n";
  }
  return text;
}

}  // namespace acestep::profile
