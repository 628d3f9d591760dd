// Generations of several lengths, numbers of songs and steps, beside each other.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "profile/stage_times.h"

namespace acestep::profile {

struct BenchCase {
  double seconds = 0;  // of a song
  int64_t songs = 1;
  int64_t steps = 8;
  bool thinks = false;  // the language model writes metadata and codes
};

// Defaults are the reference's matrix.
struct BenchMatrix {
  std::vector<double> seconds = {30, 60, 120};
  std::vector<int64_t> songs = {1, 2};
  std::vector<int64_t> steps = {8};
  std::vector<bool> thinks = {false, true};

  // Every combination. Thinking changes slowest: it takes other models.
  std::vector<BenchCase> cases() const;
};

struct BenchRecord {
  BenchCase the_case;
  RunTimes times = {};
  std::string error = {};  // "" when it was made

  bool passes() const { return error.empty(); }
};

// Rows of cells, the heading first.
std::vector<std::vector<std::string>> bench_cells(const std::vector<BenchRecord>& records);
nlohmann::json bench_json(const BenchRecord& record);

}  // namespace acestep::profile
