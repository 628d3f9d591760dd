#include "profile/child_result.h"

#include <cstring>
#include <utility>

#include "util/error.h"

namespace acestep::profile {
namespace {

using nlohmann::json;

constexpr char kLoadStage[] = "load";

// An object's member, or null.
const json& member(const json& object, const char* name) {
  static const json null;
  if (!object.is_object()) return null;
  const auto found = object.find(name);
  return found == object.end() ? null : *found;
}

std::optional<double> number(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

std::string text(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::string first_line(const std::string& lines) { return lines.substr(0, lines.find('\n')); }

std::string message_of(const ChildAnswer& answer) {
  if (answer.end.signal != 0) {
    return "ended by signal " + std::to_string(answer.end.signal) + " (" +
           strsignal(answer.end.signal) + ")";
  }
  const std::string said = answer.result ? first_line(text(*answer.result, "error")) : "";
  return said.empty() ? "exit code " + std::to_string(answer.end.exit_code) : said;
}

// Where it failed: as told, else as the message names it; "" unknown.
std::string stage_of(const ChildAnswer& answer) {
  if (!answer.result) return "";
  const std::string told = text(*answer.result, "stage");
  if (!told.empty()) return told;
  const std::string message = text(*answer.result, "error");
  const std::string before = "in stage '";
  const size_t begin = message.find(before);
  if (begin == std::string::npos) return "";
  const size_t name = begin + before.size();
  return message.substr(name, message.find('\'', name) - name);
}

bool is_refused(int exit_code) {
  return exit_code == static_cast<int>(ErrorCode::kUsage) ||
         exit_code == static_cast<int>(ErrorCode::kModel) ||
         exit_code == static_cast<int>(ErrorCode::kInput);
}

void put_failure(const ChildAnswer& answer, Outcome& outcome) {
  const std::string stage = stage_of(answer);
  const int code = answer.end.signal == 0 ? answer.end.exit_code : -1;
  const bool is_memory = code == static_cast<int>(ErrorCode::kMemory);
  const char* prefix = "Generation exception";
  outcome.is_loaded = true;
  if (is_refused(code)) {
    prefix = "DiT init failed";
    outcome.is_loaded = false;
  } else if (is_memory && (stage.empty() || stage == kLoadStage)) {
    // Without a stage it is the plan that found no room.
    prefix = "Init OOM";
    outcome.is_loaded = false;
  } else if (stage == kLoadStage) {
    prefix = "Init exception";
    outcome.is_loaded = false;
  } else if (is_memory) {
    prefix = "OOM";
  }
  outcome.error = std::string(prefix) + ": " + message_of(answer);
}

void put_times(const json& extra, Outcome& outcome) {
  const json& costs = member(extra, "time_costs");
  outcome.lm_seconds = number(costs, "lm_total_time");
  outcome.vae_seconds = number(costs, "dit_vae_decode_time_cost");
  const auto encoder = number(costs, "dit_encoder_time_cost");
  const auto diffusion = number(costs, "dit_diffusion_time_cost");
  if (encoder || diffusion) outcome.dit_seconds = encoder.value_or(0) + diffusion.value_or(0);
}

void put_stages(const json& memory, Outcome& outcome) {
  const json& stages = member(memory, "stages");
  if (!stages.is_array()) return;
  for (const json& stage : stages) {
    outcome.stages.push_back({text(stage, "stage"), number(stage, "peak_gb").value_or(0),
                              number(stage, "seconds").value_or(0)});
  }
}

bool flag(const json& object, const char* name, bool fallback) {
  const json& value = member(object, name);
  return value.is_boolean() ? value.get<bool>() : fallback;
}

void put_used(const json& memory, TierRun& run) {
  run.offload_to_cpu = flag(memory, "offload_to_cpu", run.offload_to_cpu);
  run.offload_dit_to_cpu = flag(memory, "offload_dit_to_cpu", run.offload_dit_to_cpu);
  const std::string quantization = text(memory, "quantization");
  if (!quantization.empty()) run.quantization = quantization;
}

// What was done otherwise than asked; "" nothing.
std::string concession(const TierRun& asked, const json& memory) {
  const auto together = number(memory, "songs_together");
  if (together && *together < static_cast<double>(asked.songs)) {
    return number_json(*together).dump() + " of " + std::to_string(asked.songs) +
           " songs fitted together";
  }
  if (!asked.is_variant()) return "";
  TierRun used = asked;
  put_used(memory, used);
  if (used.quantization != asked.quantization) {
    return "quantization was " + used.quantization + " in the end";
  }
  const bool is_moved = (used.offload_to_cpu && !asked.offload_to_cpu) ||
                        (used.offload_dit_to_cpu && !asked.offload_dit_to_cpu);
  return is_moved ? "models had to leave the card" : "";
}

}  // namespace

TierRecord record_of(const TierRun& asked, const ChildAnswer& answer) {
  TierRecord record{.run = asked,
                    .outcome = {.wall_seconds = answer.end.seconds, .log = answer.log}};
  Outcome& outcome = record.outcome;
  const json nothing;
  const json& result = answer.result ? *answer.result : nothing;
  const json& extra = member(result, "extra_outputs");
  const json& memory = member(extra, "memory");
  outcome.peak_gb = number(extra, "peak_vram_gb");
  put_stages(memory, outcome);
  if (const auto cap = number(memory, "cap_gb")) record.run.cap_gb = cap;
  const bool is_success =
      answer.end.exit_code == 0 && answer.end.signal == 0 && flag(result, "success", false);
  if (!is_success) {
    put_failure(answer, outcome);
    return record;
  }
  put_times(extra, outcome);
  outcome.is_loaded = true;
  const std::string conceded = concession(asked, memory);
  outcome.is_done = conceded.empty();
  if (!outcome.is_done) outcome.error = "OOM: " + conceded;
  if (!asked.is_variant()) put_used(memory, record.run);
  return record;
}

}  // namespace acestep::profile
