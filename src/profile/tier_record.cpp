#include "profile/tier_record.h"

#include <cmath>
#include <utility>

#include "plan/size_text.h"
#include "util/error.h"
#include "util/strict_json.h"

namespace acestep::profile {
namespace {

using nlohmann::json;

json text_or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

template <typename T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

std::string text_in(const json& object, const char* name) {
  const json& value = object.at(name);
  return value.is_null() ? std::string() : value.get<std::string>();
}

std::optional<double> number_in(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return std::nullopt;
  return found->get<double>();
}

TierRun run_in(const json& object) {
  TierRun run = {.size_gb = object.at("tier_gb").get<double>(),
                 .tier = object.at("tier").get<std::string>(),
                 .variant = object.at("test_variant").get<std::string>(),
                 .lm_model = text_in(object, "lm_model"),
                 .lm_backend = text_in(object, "lm_backend"),
                 .quantization = text_in(object, "quantization"),
                 .offload_to_cpu = object.at("offload").get<bool>(),
                 .offload_dit_to_cpu = object.at("offload_dit").get<bool>(),
                 .seconds = object.at("duration").get<double>(),
                 .songs = object.at("batch_size").get<int64_t>()};
  if (run.quantization.empty()) run.quantization = "none";
  return run;
}

Outcome outcome_in(const json& object) {
  return {.is_loaded = object.at("init_success").get<bool>(),
          .is_done = object.at("gen_success").get<bool>(),
          .error = text_in(object, "error"),
          .wall_seconds = number_in(object, "wall_time").value_or(0),
          .peak_gb = number_in(object, "peak_vram_gb"),
          .lm_seconds = number_in(object, "lm_time"),
          .dit_seconds = number_in(object, "dit_time"),
          .vae_seconds = number_in(object, "vae_time")};
}

json stages_json(const std::vector<StagePeak>& stages) {
  json list = json::array();
  for (const StagePeak& stage : stages) {
    list.push_back(
        {{"stage", stage.stage}, {"peak_gb", stage.peak_gb}, {"seconds", stage.seconds}});
  }
  return list;
}

}  // namespace

std::string memory_text(double gb) {
  constexpr double kLeastGb = 0.1;
  constexpr double kMbPerGb = 1024;
  if (gb >= kLeastGb || gb == 0) return plan::number_text(gb) + "GB";
  return plan::number_text(gb * kMbPerGb) + "MB";
}

std::string memory_text(const std::optional<double>& gb) { return gb ? memory_text(*gb) : "-"; }

json number_json(double number) {
  const bool is_whole = std::floor(number) == number && std::abs(number) < 1e15;
  return is_whole ? json(static_cast<int64_t>(number)) : json(number);
}

json record_json(const TierRecord& record) {
  const TierRun& run = record.run;
  const Outcome& outcome = record.outcome;
  json object = {
      {"tier_gb", number_json(run.size_gb)},
      {"tier", run.tier},
      {"test_variant", run.variant},
      {"use_lm", run.uses_lm()},
      {"lm_model", text_or_null(run.lm_model)},
      {"lm_backend", run.lm_backend},
      {"offload", run.offload_to_cpu},
      {"offload_dit", run.offload_dit_to_cpu},
      {"quantization", run.quantization == "none" ? json(nullptr) : json(run.quantization)},
      {"duration", number_json(run.seconds)},
      {"batch_size", run.songs},
      {"init_success", outcome.is_loaded},
      {"gen_success", outcome.is_done},
      {"wall_time", outcome.wall_seconds},
      {"error", text_or_null(outcome.error)},
      {"peak_vram_gb", or_null(outcome.peak_gb)}};
  if (!record.passes()) return object;
  object["lm_time"] = outcome.lm_seconds.value_or(0);
  object["dit_time"] = outcome.dit_seconds.value_or(0);
  object["vae_time"] = outcome.vae_seconds.value_or(0);
  return object;
}

json detailed_json(const TierRecord& record) {
  json object = record_json(record);
  object["cap_gb"] = or_null(record.run.cap_gb);
  object["stages"] = stages_json(record.outcome.stages);
  object["log"] = text_or_null(record.outcome.log.string());
  return object;
}

json records_json(const std::vector<TierRecord>& records) {
  json list = json::array();
  for (const TierRecord& record : records) list.push_back(record_json(record));
  return list;
}

std::vector<TierRecord> read_records(const std::filesystem::path& file) {
  const json list = util::read_json_file(file, {.max_bytes = 64 << 20}, ErrorCode::kInput);
  const std::string expected = "a list as --benchmark-output writes it";
  if (!list.is_array()) throw Error(ErrorCode::kInput, file.string() + " is not " + expected);
  std::vector<TierRecord> records;
  for (const json& object : list) {
    try {
      records.push_back({run_in(object), outcome_in(object)});
    } catch (const json::exception& error) {
      throw Error(ErrorCode::kInput, file.string() + ": record " +
                                         std::to_string(records.size() + 1) + " is not one of " +
                                         expected + ": " + error.what());
    }
  }
  return records;
}

}  // namespace acestep::profile
