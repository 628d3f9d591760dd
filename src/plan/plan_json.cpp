#include "plan/plan_json.h"

#include <cmath>
#include <sstream>

#include "plan/language_model.h"
#include "plan/published_sizes.h"
#include "plan/size_text.h"
#include "plan/tier_text.h"

namespace acestep::plan {
namespace {

using nlohmann::json;

template <typename T>
json as_json(const T& value) {
  return value;
}
template <typename T>
json as_json(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

// Two digits are as exact as a driver's numbers are of use.
double rounded(double gib) { return std::round(gib * 100.0) / 100.0; }

std::string value_text(const json& value) {
  if (value.is_boolean()) return value.get<bool>() ? "on" : "off";
  if (value.is_null()) return "auto";
  if (value.is_string()) return value == "" ? "none" : value.get<std::string>();
  if (value.is_number_float() && value.get<double>() == std::floor(value.get<double>())) {
    return std::to_string(static_cast<int64_t>(value.get<double>()));
  }
  return value.dump();
}

WholeSong song_of(const Plan& plan) {
  WholeSong song = {.dit = plan.dit(),
                    .songs = plan.songs_together.value,
                    .seconds = plan.duration.value.value_or(60)};
  const bool is_beside = plan.init_lm.value && plan.lm_device.value != "cpu";
  if (is_beside) song.lm = lm_size_of(plan.lm_model.value);
  return song;
}

std::string device_text(const Plan& plan) {
  const Device& device = plan.device;
  std::ostringstream out;
  out << "device=" << kind_name(device.kind);
  if (device.is_gpu()) out << ":" << device.index;
  out << ": " << device.name;
  if (device.compute) out << ", compute capability " << capability_text(*device.compute);
  out << ", " << size_text(to_gib(device.total_bytes)) << (device.is_gpu() ? "" : " of RAM") << ", "
      << size_text(to_gib(device.free_bytes)) << " free";
  if (device.simulated_gib) out << ", simulated " << size_text(*device.simulated_gib);
  if (device.cap_bytes) out << ", capped at " << size_text(to_gib(*device.cap_bytes));
  out << "\n";
  return out.str();
}

}  // namespace

std::vector<Setting> settings_of(const Plan& plan) {
  std::vector<Setting> settings;
  const auto add = [&](const char* name, const auto& decided) {
    settings.push_back(
        {name, as_json(decided.value), decided.reason, std::string(source_name(decided.source))});
  };
  settings.push_back({"tier", plan.tier.value->name, plan.tier.reason,
                      std::string(source_name(plan.tier.source))});
  add("config_path", plan.dit_model);
  add("init_lm", plan.init_lm);
  add("lm_model_path", plan.lm_model);
  add("lm_device", plan.lm_device);
  add("backend", plan.lm_backend);
  add("offload_to_cpu", plan.offload_to_cpu);
  add("offload_dit_to_cpu", plan.offload_dit_to_cpu);
  add("stream_dit_blocks", plan.stream_dit_blocks);
  add("quantization", plan.quantization);
  add("lm_quantization", plan.lm_quantization);
  add("dtype", plan.dtype);
  add("attention", plan.attention);
  add("compile_model", plan.compile_model);
  add("max_duration", plan.max_duration);
  add("duration", plan.duration);
  add("max_songs_together", plan.max_songs_together);
  add("songs_together", plan.songs_together);
  add("vae_chunk_size", plan.vae_chunk_frames);
  add("vae_overlap", plan.vae_overlap_frames);
  add("vae_on_cpu", plan.vae_on_cpu);
  return settings;
}

json device_json(const Plan& plan) {
  const Device& device = plan.device;
  const auto gib = [](const std::optional<uint64_t>& bytes) {
    return bytes ? json(rounded(to_gib(*bytes))) : json(nullptr);
  };
  return {{"kind", kind_name(device.kind)},
          {"index", device.index},
          {"name", device.name},
          {"compute", device.compute ? json(capability_text(*device.compute)) : json(nullptr)},
          {"total_gb", rounded(to_gib(device.total_bytes))},
          {"free_gb", rounded(to_gib(device.free_bytes))},
          {"tier_gb", rounded(device.tier_gib)},
          {"simulated_gb", as_json(device.simulated_gib)},
          {"cap_gb", gib(device.cap_bytes)},
          {"cap_fraction", as_json(device.cap_fraction)}};
}

json tier_in_force_json(const Plan& plan) {
  json object = tier_json(*plan.tier.value);
  object["reason"] = plan.tier.reason;
  object["source"] = source_name(plan.tier.source);
  object["lm_backend"] = plan.backends.preferred();
  object["allowed_lm_backends"] = plan.backends.allowed;
  object["lm_backend_reason"] = plan.backends.reason;
  if (plan.device.is_gpu()) return object;
  object["offload_to_cpu"] = false;  // there is no card to leave
  object["offload_dit_to_cpu"] = false;
  object["quantization"] = "none";
  return object;
}

json settings_json(const Plan& plan) {
  json settings = json::object();
  for (const Setting& setting : settings_of(plan)) {
    settings[setting.name] = {
        {"value", setting.value}, {"reason", setting.reason}, {"source", setting.source}};
  }
  return settings;
}

std::string setting_text(const Setting& setting) {
  const bool is_usual = setting.source != "user" && setting.source != "forced";
  return setting.name + "=" + value_text(setting.value) + ": " + setting.reason +
         (is_usual ? "" : " (" + setting.source + ")");
}

json plan_json(const Plan& plan) {
  json adjustments = json::array();
  for (const auto& adjustment : plan.findings.adjustments) {
    adjustments.push_back(request::to_json(adjustment));
  }
  return {{"device", device_json(plan)},
          {"tier", tier_in_force_json(plan)},
          {"settings", settings_json(plan)},
          {"estimate", {{"resident_gb", rounded(resident_gib(song_of(plan)))}}},
          {"adjustments", adjustments},
          {"warnings", plan.findings.warnings}};
}

void add_memory(json& object, const MemoryPlan& memory) {
  json stages = json::array();
  for (const StagePlan& stage : memory.stages) {
    if (!is_used(stage)) continue;
    json entry = {{"stage", stage.need.stage},
                  {"device", stage.is_on_cpu ? json("cpu") : object["device"]["kind"]},
                  {"weights_gb", to_gib(stage.need.weight_bytes)},
                  {"working_gb", to_gib(stage.need.activation_bytes)},
                  {"beside_gb", to_gib(stage.beside_bytes)},
                  {"peak_gb", to_gib(stage.device_bytes())}};
    if (stage.need.stage == "decode") entry["chunk"] = memory.tile_frames;
    if (stage.need.stage == "encode") entry["chunk"] = memory.window_frames;
    stages.push_back(std::move(entry));
  }
  object["plan"] = std::move(stages);
  object["estimate"] = {{"peak_gb", to_gib(memory.peak_bytes())}};
}

std::string memory_text(const MemoryPlan& memory) {
  std::string text = "memory:";
  for (const StagePlan& stage : memory.stages) {
    if (!is_used(stage)) continue;
    text += " " + stage.need.stage + " " + size_text(to_gib(stage.device_bytes())) + ",";
  }
  return text + " peak " + size_text(to_gib(memory.peak_bytes()));
}

std::string plan_text(const Plan& plan) {
  std::ostringstream out;
  out << device_text(plan);
  for (const Setting& setting : settings_of(plan)) {
    out << setting_text(setting) << "\n";
  }
  out << "resident_gb=" << number_text(resident_gib(song_of(plan)))
      << ": with nothing offloaded or in INT8, for the published models\n";
  return out.str();
}

}  // namespace acestep::plan
