#include "pipeline/finished_song.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "pipeline/song_names.h"
#include "util/error.h"
#include "weights/safetensors_source.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int64_t kLatentChannels = 64;

[[noreturn]] void fail_damaged(const FoundRecord& found, const std::string& what) {
  throw Error(ErrorCode::kInput, found.file.string() + ": the record is damaged: " + what,
              "give the song with the NAME.json that was written beside it");
}

void require_part(const FoundRecord& found, const char* part) {
  const auto& left_out = found.left_out;
  const bool is_left_out = std::find(left_out.begin(), left_out.end(), part) != left_out.end();
  if (!is_left_out && found.record.contains(part)) return;
  throw Error(ErrorCode::kInput, found.file.string() + ": the record leaves out: " + part,
              "the NAME.json beside the song has all of it; keep it with the song");
}

// The value at `key`, or `fallback` where it is absent.
template <typename Value>
Value read(const FoundRecord& found, const json& object, const char* key, Value fallback) {
  const auto value = object.find(key);
  if (value == object.end() || value->is_null()) return fallback;
  try {
    return value->get<Value>();
  } catch (const json::exception&) {
    fail_damaged(found, std::string("\"") + key + "\" is " + value->dump());
  }
}

}  // namespace

song::Composition recorded_composition(const FoundRecord& found) {
  require_part(found, "composition");
  require_part(found, "audio_codes");
  require_part(found, "request");
  const json& words = found.record.at("composition");
  song::Composition composition;
  composition.caption = read(found, words, "caption", std::string());
  composition.lyrics = read(found, words, "lyrics",
                            read(found, found.record.at("request"), "lyrics", std::string()));
  composition.language = read(found, words, "language", std::string("unknown"));
  composition.metadata.keyscale = read(found, words, "keyscale", std::string());
  composition.metadata.timesignature = read(found, words, "timesignature", std::string());
  if (words.contains("bpm")) composition.metadata.bpm = read(found, words, "bpm", int64_t{0});
  if (words.contains("duration")) {
    composition.metadata.duration = read(found, words, "duration", 0.0);
  }
  composition.audio_codes = read(found, found.record, "audio_codes", std::vector<int64_t>());
  return composition;
}

fs::path latents_file(const FoundRecord& found) {
  return beside(found.song_file.empty() ? found.file : found.song_file, kLatentsSuffix);
}

std::optional<at::Tensor> saved_latents(const FoundRecord& found) {
  const fs::path file = latents_file(found);
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return std::nullopt;
  constexpr const char* kName = "latents";
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorCode::kInput, file.string() + ": " + what,
                "give the file that --save_latents wrote with this song");
  };
  try {
    const auto source = weights::open_safetensors(file);
    const weights::TensorInfo* info = source->find(kName);
    const bool fits = info != nullptr && info->dtype == at::kFloat && info->shape.size() == 2 &&
                      info->shape[0] > 0 && info->shape[1] == kLatentChannels;
    if (!fits) refuse("it has no float32 tensor 'latents' of [frames, 64]");
    return source->tensor(kName).clone();
  } catch (const Error& broken) {
    if (broken.code() == ErrorCode::kModel) refuse(broken.message());
    throw;
  }
}

json review_request(const FoundRecord& found) {
  json request = repeating_request(found);
  const std::string task = request.value("task_type", "text2music");
  if (task != "text2music") {
    throw Error(ErrorCode::kUsage,
                found.file.string() + ": the song's task is " + task +
                    ": its review needs the audio that it was made from",
                "ask for --lrc or --score when the song is generated");
  }
  request["batch_size"] = 1;
  return request;
}

}  // namespace acestep::pipeline
