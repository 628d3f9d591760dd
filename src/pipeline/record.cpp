#include "pipeline/record.h"

#include <map>
#include <set>

#include "acestep/version.h"
#include "request/adapter_text.h"
#include "request/request_fields.h"
#include "request/settings.h"
#include "util/sha256.h"

namespace acestep::pipeline {
namespace {

using nlohmann::json;
using request::FieldGroup;

// Fields that decide how a song sounds; the rest is about where and how to run.
bool is_about_the_song(const request::Field& field) {
  static const std::set<FieldGroup> groups = {FieldGroup::kText, FieldGroup::kSource,
                                              FieldGroup::kSampling, FieldGroup::kSeeds,
                                              FieldGroup::kLanguageModel};
  static const std::set<std::string> outputs = {
      "audio_format",     "mp3_bitrate",      "mp3_sample_rate",   "enable_normalization",
      "normalization_db", "fade_in_duration", "fade_out_duration", "loudness",
      "true_peak",        "auto_trim"};
  return groups.count(field.group) != 0 || outputs.count(field.name) != 0;
}

// The request that makes this song again: alone, except with compat reference, where a song depends
// on its batch mates.
request::Settings settings_of(const RunFacts& facts, const request::GenerationRequest& request,
                              const SongSeeds& seeds) {
  request::Settings settings;
  static_cast<request::GenerationRequest&>(settings) = request;
  settings.use_random_seed = false;
  if (facts.compat != "reference") {
    settings.seeds = {static_cast<int64_t>(seeds.song)};
    settings.batch_size = 1;
    settings.lm_seed = static_cast<int64_t>(seeds.language_model);
    settings.retake_seed = seeds.retake ? std::to_string(*seeds.retake) : "";
  }
  settings.config_path = facts.dit_model;
  settings.lm_model_path = facts.lm_model;
  if (facts.vae != kOfficialVae) settings.vae_checkpoint = facts.vae;
  for (const AdapterFacts& adapter : facts.adapters) {
    settings.lora.push_back(request::to_text(request::AdapterText{adapter.name, adapter.scale}));
  }
  settings.dtype = facts.dtype;
  settings.quantization = facts.quantization;
  settings.lm_quantization = facts.lm_quantization;
  settings.rng = facts.rng;
  settings.compat = facts.compat;
  if (facts.global_seed) settings.global_seed = static_cast<int64_t>(*facts.global_seed);
  if (facts.python_seed) settings.python_seed = static_cast<int64_t>(*facts.python_seed);
  return settings;
}

json composition_json(const song::Composition& composition) {
  json result = json::object();
  const song::Metadata& metadata = composition.metadata;
  if (metadata.bpm) result["bpm"] = *metadata.bpm;
  if (!metadata.keyscale.empty()) result["keyscale"] = metadata.keyscale;
  if (!metadata.timesignature.empty()) result["timesignature"] = metadata.timesignature;
  if (metadata.duration) result["duration"] = *metadata.duration;
  result["caption"] = composition.caption;
  result["language"] = composition.language;
  return result;
}

json adapters_json(const std::vector<AdapterFacts>& adapters) {
  json list = json::array();
  for (const AdapterFacts& adapter : adapters) {
    list.push_back({{"name", adapter.name},
                    {"digest", adapter.digest},
                    {"method", adapter.method},
                    {"scale", adapter.scale}});
  }
  return list;
}

// {"source": source_json()}, if there is anything in it.
json made_from(const SourceDigests& source) {
  const json digests = source_json(source);
  return digests.empty() ? json::object() : json{{"source", digests}};
}

// The request's values that are not their fields' defaults.
json without_defaults(const json& request) {
  json result = json::object();
  for (const auto& [name, value] : request.items()) {
    const request::Field* field = request::find_field(name);
    if (field != nullptr && request::to_json(default_of(*field)) == value) continue;
    result[name] = value;
  }
  return result;
}

std::string print(const json& value) {
  return value.dump(-1, ' ', /*ensure_ascii=*/false, json::error_handler_t::replace);
}

}  // namespace

bool is_recorded(const request::Field& field) {
  static const std::set<std::string> run_fields = {
      "config_path",    "lm_model_path", "dtype",           "rng",  "compat",     "global_seed",
      "vae_checkpoint", "quantization",  "lm_quantization", "lora", "lora_scale", "python_seed"};
  if (field.support != request::FieldSupport::kNow) return false;
  if (field.name == "seed") return false;  // `seeds` says it
  // Where files lie is no matter of the song; their digests are.
  static const std::set<std::string> file_fields = {"src_audio", "src_latents", "reference_audio"};
  if (file_fields.count(field.name) != 0) return false;
  return is_about_the_song(field) || run_fields.count(field.name) != 0;
}

json recorded_fields(const request::Settings& settings) {
  json result = json::object();
  for (const request::Field& field : request::all_fields()) {
    if (!is_recorded(field)) continue;
    json value = request::to_json(value_in(settings, field));
    if (!value.is_null()) result[field.name] = std::move(value);
  }
  return result;
}

json source_json(const SourceDigests& source) {
  json digests = json::object();
  if (!source.audio_sha256.empty()) digests["audio_sha256"] = source.audio_sha256;
  if (!source.latents_sha256.empty()) digests["latents_sha256"] = source.latents_sha256;
  if (!source.reference_sha256.empty()) digests["reference_sha256"] = source.reference_sha256;
  return digests;
}

json with_defaults(const json& request) {
  json result = recorded_fields(request::Settings());
  result.update(request);
  return result;
}

std::string request_uuid(const RunFacts& facts, const SongSeeds& seeds) {
  json decisive = recorded_fields(settings_of(facts, facts.request, seeds));
  decisive.update(made_from(facts.source));
  const std::string digest = util::sha256_of(print(decisive)).substr(0, 32);
  return digest.substr(0, 8) + "-" + digest.substr(8, 4) + "-" + digest.substr(12, 4) + "-" +
         digest.substr(16, 4) + "-" + digest.substr(20);
}

request::Settings repeating_settings(const RunFacts& facts, const Song& song) {
  // The reference's one generator would not stand where it stood once words were drawn from it.
  const bool has_words = song.rewritten && facts.compat != "reference";
  return settings_of(facts, has_words ? *song.rewritten : facts.request, song.seeds);
}

json repeatable_record(const RunFacts& facts, const Song& song, const Rendering& rendering) {
  json record;
  record["schema"] = kRecordSchema;
  record["version"] = kVersion;
  record["request"] = recorded_fields(repeating_settings(facts, song));
  record["models"] = {{"dit", facts.dit_model},
                      {"lm", facts.lm_model},
                      {"text_encoder", facts.text_encoder},
                      {"vae", facts.vae}};
  record["weights"] = facts.weights;
  if (!facts.adapters.empty()) record["adapters"] = adapters_json(facts.adapters);
  record.update(made_from(facts.source));
  record["composition"] = composition_json(song.composition);
  record["audio_codes"] = song.composition.audio_codes;
  record["timesteps"] = rendering.levels;
  return record;
}

std::string compact_record(const json& record, std::size_t most_bytes) {
  std::string text = print(record);
  if (text.size() <= most_bytes) return text;
  json compact = record;
  compact["request"] = without_defaults(record.at("request"));
  text = print(compact);
  if (text.size() <= most_bytes) return text;
  compact["audio_codes_sha256"] = util::sha256_of(print(record.at("audio_codes")));
  json left_out = json::array();
  // Longest first, until it fits.
  for (const char* key : {"audio_codes", "timesteps", "composition"}) {
    compact.erase(key);
    left_out.push_back(key);
  }
  for (const char* key : {"lyrics", "caption", "lm_negative_prompt", "instruction"}) {
    compact["left_out"] = left_out;
    text = print(compact);
    if (text.size() <= most_bytes) return text;
    if (compact["request"].erase(key) != 0) left_out.push_back(std::string("request.") + key);
  }
  compact["left_out"] = left_out;
  text = print(compact);
  if (text.size() <= most_bytes) return text;
  return print({{"schema", kRecordSchema},
                {"version", kVersion},
                {"record_sha256", util::sha256_of(print(record))},
                {"left_out", json::array({"request"})}});
}

}  // namespace acestep::pipeline
