#include "pipeline/result_json.h"

#include <sys/resource.h>

#include <cmath>

#include "acestep/version.h"
#include "audio/mastering.h"
#include "device/cuda_backend.h"
#include "models/audio_codes.h"
#include "sim/simulated_gpu.h"
#include "util/sha256.h"

namespace acestep::pipeline {
namespace {

using nlohmann::json;

constexpr double kKibPerGib = 1024.0 * 1024.0;
constexpr double kBytesPerGib = 1024.0 * 1024.0 * 1024.0;

double peak_host_gb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / kKibPerGib;
}

// null on the CPU.
json peak_vram_gb(at::Device device) {
  if (sim::is_simulated(device)) {
    return static_cast<double>(sim::stats().peak_bytes) / kBytesPerGib;
  }
  if (!device.is_cuda()) return nullptr;
  const auto bytes = device::cuda_peak_bytes(device.index());
  return bytes ? json(static_cast<double>(*bytes) / kBytesPerGib) : json(nullptr);
}

json metadata_json(const song::Composition& composition) {
  const song::Metadata& metadata = composition.metadata;
  json result = {{"caption", composition.caption}, {"language", composition.language}};
  result["bpm"] = metadata.bpm ? json(*metadata.bpm) : json(nullptr);
  result["keyscale"] = metadata.keyscale;
  result["timesignature"] = metadata.timesignature;
  result["duration"] = metadata.duration ? json(*metadata.duration) : json(nullptr);
  return result;
}

// null where nothing was quantised.
json quantized_json(const weights::QuantizedCount& count) {
  if (count.layers == 0) return nullptr;
  return {{"layers", count.layers},
          {"gb", static_cast<double>(count.bytes) / kBytesPerGib},
          {"saved_gb", static_cast<double>(count.dense_bytes - count.bytes) / kBytesPerGib}};
}

json prompts_json(const Rendering& rendering) {
  json prompts = {{"text_encoder", json::array()}, {"lm", json::array()}};
  for (const EncodedText& text : rendering.texts) prompts["text_encoder"].push_back(text.text);
  for (const auto& pass : rendering.passes) {
    prompts["lm"].push_back({{"prompt", pass.request.prompt},
                             {"unconditional", pass.request.unconditional_prompt},
                             {"output", pass.result.text}});
  }
  return prompts;
}

}  // namespace

json audio_json(const Song& song, const WrittenSong& written, const json& record) {
  const audio::Waveform& waveform = song.waveform;
  const std::string codes = models::print_audio_codes(song.composition.audio_codes);
  json result;
  result["path"] = written.path.string();
  result["key"] = written.path.stem().string();
  result["sample_rate"] = written.sample_rate_hz;
  result["channels"] = waveform.channels;
  result["samples"] = written.frames;
  result["duration"] = waveform.seconds();
  result["peak_db"] = 20.0 * std::log10(static_cast<double>(audio::peak(waveform)));
  result["params"] = record.at("request");
  result["seed"] = song.seeds.song;
  result["lm_seed"] = song.seeds.language_model;
  result["audio_codes_sha256"] = codes.empty() ? json(nullptr) : json(util::sha256_of(codes));
  result["sha256"] = written.sha256;
  return result;
}

json result_json(json audios, const Rendering& rendering, const RunSummary& summary) {
  json adjustments = json::array();
  for (const song::Adjustment& adjustment : summary.adjustments) {
    adjustments.push_back({{"field", adjustment.field},
                           {"from", adjustment.from},
                           {"to", adjustment.to},
                           {"why", adjustment.why}});
  }
  json extra;
  extra["lm_metadata"] = rendering.passes.empty() ? json(nullptr) : metadata_json(summary.first);
  extra["time_costs"] = rendering.seconds;
  extra["device"] = summary.device_name;
  extra["peak_vram_gb"] = peak_vram_gb(summary.device);
  extra["peak_host_gb"] = peak_host_gb();
  extra["quantization"] = {{"dit", quantized_json(summary.quantized_dit)},
                           {"lm", quantized_json(summary.quantized_language_model)}};
  extra["adjustments"] = std::move(adjustments);
  extra["warnings"] = json::array();
  if (summary.has_prompts) extra["prompts"] = prompts_json(rendering);
  const std::size_t songs = audios.size();
  return {
      {"success", true},
      {"error", nullptr},
      {"status_message", std::to_string(songs) + (songs == 1 ? " song" : " songs") + " written"},
      {"audios", std::move(audios)},
      {"extra_outputs", std::move(extra)},
      {"version", kVersion}};
}

}  // namespace acestep::pipeline
