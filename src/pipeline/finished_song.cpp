#include "pipeline/finished_song.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "pipeline/latents_file.h"
#include "pipeline/song_names.h"
#include "util/error.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

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

std::optional<at::Tensor> saved_latents(const FoundRecord& found) {
  const fs::path file =
      beside(found.song_file.empty() ? found.file : found.song_file, kLatentsSuffix);
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return std::nullopt;
  return read_latents(file);
}

at::Tensor whole_latents(const at::Tensor& own, const song::Conditioning& conditioning,
                         const at::Tensor& silence) {
  const int64_t frames = own.size(0);
  if (frames != conditioning.requested_frames && frames != conditioning.frames) {
    throw Error(ErrorCode::kInput,
                "the song's latents have " + std::to_string(frames) +
                    " frames, but its request makes " +
                    std::to_string(conditioning.requested_frames),
                "give the latents that were written with this song");
  }
  const at::Tensor latents = own.to(at::kCPU, at::kFloat).unsqueeze(0);
  const int64_t missing = conditioning.frames - frames;
  if (missing == 0) return latents;
  return at::cat({latents, silence.to(at::kCPU, at::kFloat).narrow(1, 0, missing)}, 1);
}

json review_request(const FoundRecord& found) {
  const std::string from_words = "text2music";
  json request = repeating_request(found);
  const bool was_edited = read(found, request, "task_type", from_words) != from_words ||
                          read(found, request, "flow_edit_morph", false);
  if (was_edited || found.record.contains("source")) {
    throw Error(ErrorCode::kUsage,
                found.file.string() +
                    ": the song was made from other audio, which its review would need too",
                "ask for --lrc or --score when the song is generated");
  }
  request["batch_size"] = 1;
  return request;
}

}  // namespace acestep::pipeline
