#include "profile/stage_times.h"

#include <algorithm>
#include <cstdio>

#include "profile/tier_record.h"

namespace acestep::profile {
namespace {

using nlohmann::json;

struct PartName {
  const char* name;
  const char* cost;  // in time_costs
};

struct StageName {
  const char* name;
  const char* cost;
  const char* stage;  // in memory.stages; "" none
  std::vector<PartName> parts;
};

const std::vector<StageName>& stage_names() {
  static const std::vector<StageName> names = {
      {"load models", "model_load_time", "", {}},
      {"language model",
       "lm_total_time",
       "compose",
       {{"metadata", "lm_phase1_time"},
        {"audio codes", "lm_phase2_time"},
        {"prompts", "lm_prompt_time"},
        {"grammar", "lm_constraint_time"}}},
      {"text encoder", "dit_encoder_time_cost", "condition", {}},
      {"diffusion", "dit_diffusion_time_cost", "denoise", {}},
      {"VAE decode", "dit_vae_decode_time_cost", "decode", {}},
      {"mastering", "mastering_time", "", {}}};
  return names;
}

double seconds_in(const json& costs, const char* name) { return costs.value(name, 0.0); }

std::optional<double> number_in(const json& object, const char* name) {
  const auto found = object.find(name);
  const bool is_there = found != object.end() && found->is_number();
  return is_there ? std::optional(found->get<double>()) : std::nullopt;
}

std::optional<double> peak_of(const json& extra, const std::string& stage) {
  const auto memory = extra.find("memory");
  if (memory == extra.end() || !memory->is_object()) return std::nullopt;
  for (const json& measured : memory->value("stages", json::array())) {
    if (measured.value("stage", "") == stage) return number_in(measured, "peak_gb");
  }
  return std::nullopt;
}

std::string text_of(const char* format, double number) {
  char digits[64];
  std::snprintf(digits, sizeof(digits), format, number);
  return digits;
}

std::vector<std::string> row_of(const std::string& name, const StageTime& time, double total) {
  return {name, text_of("%.3f", time.seconds),
          total > 0 ? text_of("%.1f %%", 100 * time.seconds / total) : "-",
          memory_text(time.peak_gb)};
}

json time_json(const StageTime& time) {
  json object = {{"stage", time.name},
                 {"seconds", time.seconds},
                 {"peak_gb", time.peak_gb ? json(*time.peak_gb) : json(nullptr)}};
  for (const StageTime& part : time.parts) object["parts"][part.name] = part.seconds;
  return object;
}

}  // namespace

RunTimes times_of(const json& result) {
  const json& extra = result.at("extra_outputs");
  const json& costs = extra.at("time_costs");
  RunTimes times{.stages = {},
                 .total_seconds = seconds_in(costs, "pipeline_total_time"),
                 .peak_gb = number_in(extra, "peak_vram_gb")};
  for (const json& audio : result.at("audios")) times.song_seconds += audio.value("duration", 0.0);
  double known = 0;
  for (const StageName& stage : stage_names()) {
    StageTime time{.name = stage.name,
                   .seconds = seconds_in(costs, stage.cost),
                   .peak_gb = peak_of(extra, stage.stage)};
    for (const PartName& part : stage.parts) {
      time.parts.push_back({.name = part.name, .seconds = seconds_in(costs, part.cost)});
    }
    known += time.seconds;
    times.stages.push_back(std::move(time));
  }
  times.stages.push_back({.name = "other", .seconds = std::max(0.0, times.total_seconds - known)});
  return times;
}

std::vector<std::vector<std::string>> time_cells(const RunTimes& times, Detail detail) {
  std::vector<std::vector<std::string>> cells = {{"Stage", "Seconds", "Share", "Peak"}};
  for (const StageTime& stage : times.stages) {
    cells.push_back(row_of(stage.name, stage, times.total_seconds));
    if (detail == Detail::kStages) continue;
    for (const StageTime& part : stage.parts) {
      cells.push_back(row_of("- " + part.name, part, times.total_seconds));
    }
  }
  cells.push_back(
      row_of("total", {.name = "total", .seconds = times.total_seconds, .peak_gb = times.peak_gb},
             times.total_seconds));
  return cells;
}

json times_json(const RunTimes& times) {
  json stages = json::array();
  for (const StageTime& stage : times.stages) stages.push_back(time_json(stage));
  return {{"stages", stages},
          {"total_seconds", times.total_seconds},
          {"song_seconds", times.song_seconds},
          {"realtime_factor", times.realtime_factor()},
          {"peak_vram_gb", times.peak_gb ? json(*times.peak_gb) : json(nullptr)}};
}

}  // namespace acestep::profile
