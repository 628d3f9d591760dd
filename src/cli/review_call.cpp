#include "cli/review_call.h"

#include <ATen/ATen.h>
#include <unistd.h>

#include <iostream>

#include "cli/engine_call.h"
#include "cli/log.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/sound_call.h"
#include "pipeline/finished_song.h"
#include "request/document.h"

namespace acestep::cli {

ReviewedSong prepare_review(const CommandCall& call, NeedsLanguageModel language_model) {
  pipeline::FoundRecord found = pipeline::find_record(call.argument(0));
  nlohmann::json request = pipeline::review_request(found);
  // As much memory is planned for as making it with a review takes.
  request[language_model == NeedsLanguageModel::kYes ? "score" : "lrc"] = true;
  if (language_model == NeedsLanguageModel::kNo) {
    request["lm_model_path"] = "none";
    for (const char* field : {"thinking", "use_cot_metas", "use_cot_caption", "use_cot_language"}) {
      request[field] = false;
    }
  }
  const request::Document document =
      request::read_request_json(request.dump(), found.file.string() + ".json");
  Prepared prepared = prepare(read_given_settings(call), document);
  start_log(prepared.settings());
  log_findings(prepared.findings);
  return {std::move(found), std::move(prepared)};
}

namespace {

// Nothing is composed: the words are known.
void go_without_language_model(GivenSettings& given, const std::string& why) {
  given.options["lm_model_path"] = {std::string("none"), why};
  for (const char* field : {"thinking", "use_cot_metas", "use_cot_caption", "use_cot_language"}) {
    given.options[field] = {false, why};
  }
}

}  // namespace

ReviewedSong prepare_sound_review(const CommandCall& call) {
  const std::string& command = call.command().name;
  const std::filesystem::path file = call.argument(0);
  GivenSettings given = read_given_settings(call);
  pipeline::SourceAudio source = read_sound(file.string(), resolve(given).settings());
  require_audible(source, file.string());
  given.options["duration"] = {source.facts.seconds(), command};
  given.options["lrc"] = {true, command};
  go_without_language_model(given, command);
  Prepared prepared = prepare(std::move(given));
  start_log(prepared.settings());
  log_findings(prepared.findings);
  const request::Settings& settings = prepared.settings();
  pipeline::FoundRecord found;
  found.record = {{"request", {{"lyrics", settings.lyrics}}},
                  {"composition",
                   {{"caption", settings.caption},
                    {"lyrics", settings.lyrics},
                    {"language", settings.vocal_language},
                    {"duration", source.facts.seconds()}}},
                  {"audio_codes", nlohmann::json::array()}};
  found.file = found.song_file = file;
  return {std::move(found), std::move(prepared), std::move(source.sound)};
}

pipeline::Review review_song(const ReviewedSong& song, const pipeline::ReviewOptions& options,
                             const CommandCall& call) {
  const request::Settings& settings = song.prepared.settings();
  pipeline::FinishedSong finished{.request = settings,
                                  .composition = pipeline::recorded_composition(song.found),
                                  .latents = {}};
  if (song.sound) {
    finished.sound = *song.sound;
  } else if (options.listens()) {
    finished.latents = pipeline::saved_latents(song.found).value();
  }
  util::StopToken stop;
  const SignalGuard guard(stop);
  Progress progress(progress_style(settings, isatty(STDERR_FILENO) == 1), std::cerr);
  pipeline::Session session(machine_options(song.prepared), call.surroundings().cuda);
  pipeline::RunOptions run;
  run.review = options;
  run.follows_reference = settings.compat == "reference";
  const pipeline::Review review = session.review(finished, run, progress, stop);
  progress.done(0);
  return review;
}

std::vector<std::string> review_field_names() {
  std::vector<std::string> names = model_field_names();
  for (const char* name :
       {"device", "dtype", "quantization", "threads", "tier", "max_vram", "offload_to_cpu",
        "offload_dit_to_cpu", "stream_dit_blocks", "progress", "strict"}) {
    names.emplace_back(name);
  }
  return names;
}

}  // namespace acestep::cli
