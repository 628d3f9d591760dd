#include "pipeline/result_json.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "acestep/version.h"
#include "audio/mastering.h"
#include "device/peak_memory.h"
#include "models/audio_codes.h"
#include "util/sha256.h"

namespace acestep::pipeline {
namespace {

using nlohmann::json;

constexpr double kKibPerGib = 1024.0 * 1024.0;
constexpr double kBytesPerGib = 1024.0 * 1024.0 * 1024.0;

// null for what silence has: minus infinity.
json finite_json(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

double peak_host_gb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / kKibPerGib;
}

// null where there is none.
json gib_json(const std::optional<uint64_t>& bytes) {
  return bytes ? json(static_cast<double>(*bytes) / kBytesPerGib) : json(nullptr);
}

// Of the whole song: each stage counts its peak anew.
std::optional<uint64_t> peak_bytes(const Rendering& rendering, at::Device device) {
  std::optional<uint64_t> peak = device::peak_bytes(device);
  for (const StageUse& use : rendering.stages) peak = std::max(peak, use.peak_bytes);
  return peak;
}

json moves_json(const std::map<std::string, memory::Moves>& moves) {
  json object = json::object();
  for (const auto& [component, counts] : moves) {
    object[component] = {{"loads", counts.loads},
                         {"to_device", counts.to_device},
                         {"to_host", counts.to_host},
                         {"blocks", counts.blocks},
                         {"gb", static_cast<double>(counts.bytes) / kBytesPerGib}};
  }
  return object;
}

json memory_json(const Rendering& rendering, const RunSummary& summary) {
  json stages = json::array();
  for (const StageUse& use : rendering.stages) {
    stages.push_back(
        {{"stage", use.stage}, {"peak_gb", gib_json(use.peak_bytes)}, {"seconds", use.seconds}});
  }
  return {{"stages", std::move(stages)},
          {"vae_chunk_size", rendering.tile_frames},
          {"moves", moves_json(summary.moves)}};
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

// Songs that were made, but not written: others were better.
json dropped_json(const Rendering& rendering) {
  json songs = json::array();
  for (std::size_t place = 0; place < rendering.reviews.size(); ++place) {
    const auto& kept = rendering.kept;
    if (std::find(kept.begin(), kept.end(), place) != kept.end()) continue;
    songs.push_back({{"index", place + 1},
                     {"seed", rendering.seeds[place].song},
                     {"lm_seed", rendering.seeds[place].language_model},
                     {"scores", scores_json(rendering.reviews[place])}});
  }
  return songs;
}

// null where nothing was quantised.
json quantized_json(const weights::QuantizedCount& count) {
  if (count.layers() == 0) return nullptr;
  return {{"layers", count.layers()},
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

json adjustments_json(const std::vector<song::Adjustment>& adjustments) {
  json list = json::array();
  for (const song::Adjustment& adjustment : adjustments) {
    list.push_back({{"field", adjustment.field},
                    {"from", adjustment.from},
                    {"to", adjustment.to},
                    {"why", adjustment.why}});
  }
  return list;
}

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
  result["true_peak_db"] =
      song.level.true_peak_db ? finite_json(*song.level.true_peak_db) : json(nullptr);
  result["lufs"] = finite_json(song.level.lufs);
  result["params"] = record.at("request");
  result["seed"] = song.seeds.song;
  result["lm_seed"] = song.seeds.language_model;
  result["audio_codes_sha256"] = codes.empty() ? json(nullptr) : json(util::sha256_of(codes));
  result["sha256"] = written.sha256;
  if (!written.lyrics.empty()) result["lyrics"] = written.lyrics.string();
  return result;
}

json result_json(json audios, const Rendering& rendering, const RunSummary& summary) {
  json extra;
  extra["lm_metadata"] = rendering.passes.empty() ? json(nullptr) : metadata_json(summary.first);
  extra["time_costs"] = rendering.seconds;
  extra["device"] = summary.device_name;
  extra["peak_vram_gb"] = gib_json(peak_bytes(rendering, summary.device));
  extra["peak_host_gb"] = peak_host_gb();
  extra["memory"] = memory_json(rendering, summary);
  extra["quantization"] = {{"dit", quantized_json(summary.quantized_dit)},
                           {"lm", quantized_json(summary.quantized_language_model)}};
  extra["adjustments"] = adjustments_json(summary.adjustments);
  extra["warnings"] = json::array();
  if (json dropped = dropped_json(rendering); !dropped.empty()) extra["dropped"] = dropped;
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
