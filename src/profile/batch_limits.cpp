#include "profile/batch_limits.h"

#include <algorithm>

#include "plan/size_text.h"
#include "plan/tier.h"

namespace acestep::profile {
namespace {

using nlohmann::json;

BatchRow& row_for(const TierRun& run, std::vector<BatchRow>& rows) {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const BatchRow& row) { return row.size_gb == run.size_gb; });
  if (found != rows.end()) return *found;
  BatchRow row{.size_gb = run.size_gb, .tier = run.tier, .without_lm = {}, .with_lm = {}};
  if (const plan::Tier* tier = plan::find_tier(run.tier)) {
    row.without_lm.configured = tier->without_lm.songs;
    row.with_lm.configured = tier->with_lm.songs;
  }
  return rows.emplace_back(std::move(row));
}

void add(const TierRecord& record, BatchLimit& limit) {
  const int64_t best = limit.tested.value_or(0);
  limit.tested = best;
  if (!record.passes() || record.run.songs < best) return;
  limit.tested = record.run.songs;
  limit.peak_gb = record.outcome.peak_gb;
}

std::string change_of(const char* name, const BatchLimit& limit) {
  if (limit.is_confirmed()) return "";
  return std::string(name) + ": " + std::to_string(limit.configured) + " -> " + limit.tested_text();
}

std::string config_to_tested(const BatchLimit& limit) {
  return std::to_string(limit.configured) + " -> " + limit.tested_text();
}

json limit_json(const BatchLimit& limit) {
  return {{"configured", limit.configured},
          {"tested", limit.tested ? json(*limit.tested) : json(nullptr)},
          {"peak_vram_gb", limit.peak_gb ? json(*limit.peak_gb) : json(nullptr)}};
}

}  // namespace

std::string BatchLimit::tested_text() const {
  if (!tested) return "N/A";
  return *tested == 0 ? "FAIL" : std::to_string(*tested);
}

std::string BatchRow::recommendation() const {
  const std::string first = change_of("no_lm", without_lm);
  const std::string second = change_of("lm", with_lm);
  if (first.empty() && second.empty()) return "OK";
  return first + (first.empty() || second.empty() ? "" : ", ") + second;
}

std::vector<BatchRow> find_batch_limits(const std::vector<TierRecord>& records) {
  std::vector<BatchRow> rows;
  for (const TierRecord& record : records) {
    const bool is_with_lm = record.run.variant.starts_with("batch-LM-");
    const bool is_without_lm = record.run.variant.starts_with("batch-noLM-");
    if (!is_with_lm && !is_without_lm) continue;
    BatchRow& row = row_for(record.run, rows);
    add(record, is_with_lm ? row.with_lm : row.without_lm);
  }
  return rows;
}

std::vector<std::vector<std::string>> batch_cells(const std::vector<BatchRow>& rows) {
  std::vector<std::vector<std::string>> cells = {
      {"VRAM", "Tier", "no LM", "Peak", "with LM", "Peak", "Recommendation"}};
  for (const BatchRow& row : rows) {
    cells.push_back({plan::bound_text(row.size_gb) + "GB", row.tier,
                     config_to_tested(row.without_lm), memory_text(row.without_lm.peak_gb),
                     config_to_tested(row.with_lm), memory_text(row.with_lm.peak_gb),
                     row.recommendation()});
  }
  return cells;
}

json batch_limits_json(const std::vector<BatchRow>& rows) {
  json list = json::array();
  for (const BatchRow& row : rows) {
    list.push_back({{"tier_gb", number_json(row.size_gb)},
                    {"tier", row.tier},
                    {"without_lm", limit_json(row.without_lm)},
                    {"with_lm", limit_json(row.with_lm)},
                    {"recommendation", row.recommendation()}});
  }
  return list;
}

}  // namespace acestep::profile
