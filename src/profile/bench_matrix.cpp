#include "profile/bench_matrix.h"

#include <algorithm>
#include <cstdio>

#include "plan/size_text.h"
#include "profile/tier_record.h"

namespace acestep::profile {
namespace {

using nlohmann::json;

double seconds_of(const RunTimes& times, const std::string& stage) {
  const auto found = std::find_if(times.stages.begin(), times.stages.end(),
                                  [&](const StageTime& time) { return time.name == stage; });
  return found == times.stages.end() ? 0 : found->seconds;
}

std::string fixed(double number) {
  char digits[64];
  std::snprintf(digits, sizeof(digits), "%.2f", number);
  return digits;
}

}  // namespace

std::vector<BenchCase> BenchMatrix::cases() const {
  std::vector<BenchCase> all;
  for (const bool think : thinks) {
    for (const double length : seconds) {
      for (const int64_t batch : songs) {
        for (const int64_t count : steps) all.push_back({length, batch, count, think});
      }
    }
  }
  return all;
}

std::vector<std::vector<std::string>> bench_cells(const std::vector<BenchRecord>& records) {
  std::vector<std::vector<std::string>> cells = {{"Song", "Batch", "Steps", "Think", "Load s",
                                                  "LM s", "DiT s", "VAE s", "Total s", "x realtime",
                                                  "Peak", "Result"}};
  for (const BenchRecord& record : records) {
    const BenchCase& the_case = record.the_case;
    const RunTimes& times = record.times;
    std::vector<std::string> row = {plan::bound_text(the_case.seconds) + "s",
                                    std::to_string(the_case.songs), std::to_string(the_case.steps),
                                    the_case.thinks ? "on" : "off"};
    if (record.passes()) {
      const double dit = seconds_of(times, "text encoder") + seconds_of(times, "diffusion");
      row.insert(row.end(), {fixed(seconds_of(times, "load models")),
                             fixed(seconds_of(times, "language model")), fixed(dit),
                             fixed(seconds_of(times, "VAE decode")), fixed(times.total_seconds),
                             fixed(times.realtime_factor()), memory_text(times.peak_gb), "ok"});
    } else {
      row.insert(row.end(), 7, "-");
      row.push_back("FAIL: " + record.error);
    }
    cells.push_back(std::move(row));
  }
  return cells;
}

json bench_json(const BenchRecord& record) {
  const BenchCase& the_case = record.the_case;
  json object = record.passes() ? times_json(record.times) : json::object();
  object["duration"] = number_json(the_case.seconds);
  object["batch_size"] = the_case.songs;
  object["inference_steps"] = the_case.steps;
  object["think"] = the_case.thinks;
  object["success"] = record.passes();
  object["error"] = record.passes() ? json(nullptr) : json(record.error);
  return object;
}

}  // namespace acestep::profile
