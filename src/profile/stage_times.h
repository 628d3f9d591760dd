// Where the time of a generation went, read from its result.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace acestep::profile {

struct StageTime {
  std::string name;  // "diffusion"
  double seconds = 0;
  std::optional<double> peak_gb = {};  // absent: not measured
  std::vector<StageTime> parts = {};   // of the stage; seconds alone
};

struct RunTimes {
  std::vector<StageTime> stages;  // in the order of the song's way, "other" last
  double total_seconds = 0;
  double song_seconds = 0;             // of all songs together
  std::optional<double> peak_gb = {};  // of the whole run

  // Seconds of song made in one second.
  double realtime_factor() const { return total_seconds > 0 ? song_seconds / total_seconds : 0; }
};

// result: as `acestep generate --json` prints it.
RunTimes times_of(const nlohmann::json& result);

enum class Detail { kStages, kParts };

// Rows of cells, the heading first: stage, seconds, share, peak.
std::vector<std::vector<std::string>> time_cells(const RunTimes& times, Detail detail);

nlohmann::json times_json(const RunTimes& times);

}  // namespace acestep::profile
