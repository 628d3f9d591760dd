// How many songs each size computes at once, found by trying, beside what the tier table says.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "profile/tier_record.h"

namespace acestep::profile {

// Songs at once, with or without a language model.
struct BatchLimit {
  int64_t configured = 0;              // by the tier table
  std::optional<int64_t> tested = {};  // absent: not tried; 0: not even one song
  std::optional<double> peak_gb = {};  // of that many

  // "8", "FAIL", "N/A"
  std::string tested_text() const;
  bool is_confirmed() const { return !tested || *tested == configured; }
};

struct BatchRow {
  double size_gb = 0;
  std::string tier;
  BatchLimit without_lm;
  BatchLimit with_lm;

  // "OK", or what the table would say if it followed the test: "no_lm: 4 -> 8, lm: 2 -> 8".
  std::string recommendation() const;
};

// One row per size of which batches were tried, in the order of the records.
std::vector<BatchRow> find_batch_limits(const std::vector<TierRecord>& records);

// Rows of cells, the heading first.
std::vector<std::vector<std::string>> batch_cells(const std::vector<BatchRow>& rows);
nlohmann::json batch_limits_json(const std::vector<BatchRow>& rows);

}  // namespace acestep::profile
