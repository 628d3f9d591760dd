#include "pipeline/composed_request.h"

#include <string>

#include "models/audio_codes.h"
#include "util/error.h"

namespace acestep::pipeline {
namespace {

using nlohmann::json;

std::string print(const json& value, int indent) {
  return value.dump(indent, ' ', /*ensure_ascii=*/false, json::error_handler_t::replace) + "\n";
}

}  // namespace

json composed_request(const RunFacts& facts, const Song& song) {
  request::Settings settings = repeating_settings(facts, song);
  const song::Composition& made = song.composition;
  settings.caption = made.caption;
  settings.lyrics = made.lyrics;
  settings.vocal_language = made.language;
  settings.bpm = made.metadata.bpm;
  settings.keyscale = made.metadata.keyscale;
  settings.timesignature = made.metadata.timesignature;
  settings.duration = made.metadata.duration;
  settings.audio_codes = models::print_audio_codes(made.audio_codes);
  settings.thinking = settings.use_cot_metas = false;
  settings.use_cot_caption = settings.use_cot_language = false;
  settings.lm_model_path = "none";
  return recorded_fields(settings);
}

json replaced_fields(const RunFacts& facts, const Song& song) {
  json replaced = json::object();
  if (!song.rewritten) return replaced;
  request::Settings asked;
  static_cast<request::GenerationRequest&>(asked) = facts.request;
  request::Settings written;
  static_cast<request::GenerationRequest&>(written) = *song.rewritten;
  const json before = recorded_fields(asked);
  const json after = recorded_fields(written);
  for (const auto& [name, value] : after.items()) {
    if (before.value(name, json()) != value) replaced[name] = before.value(name, json());
  }
  return replaced;
}

void write_requests(util::AtomicFile& file, const std::filesystem::path& name,
                    const std::vector<json>& requests) {
  const bool is_list = name.extension() == ".jsonl";
  ACE_CHECK(is_list || requests.size() == 1);
  for (const json& request : requests) file.write(print(request, is_list ? -1 : 2));
  file.commit();
}

}  // namespace acestep::pipeline
