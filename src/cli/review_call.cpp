#include "cli/review_call.h"

#include <ATen/ATen.h>
#include <unistd.h>

#include <iostream>

#include "cli/engine_call.h"
#include "cli/log.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/sound_call.h"
#include "pipeline/compose.h"
#include "pipeline/finished_song.h"
#include "request/document.h"

namespace acestep::cli {

ReviewedSong prepare_review(const CommandCall& call, NeedsLanguageModel language_model) {
  const pipeline::FoundRecord found = pipeline::find_record(call.argument(0));
  GivenSettings given = read_given_settings(call);
  const bool scores_codes = language_model == NeedsLanguageModel::kYes;
  if (!scores_codes) go_without_language_model(given, call.command().name);
  // As much memory is planned for as making it with a review takes.
  given.options[scores_codes ? "score" : "lrc"] = {true, call.command().name};
  const request::Document document = request::read_request_json(
      pipeline::review_request(found).dump(), found.file.string() + ".json");
  Prepared prepared = prepare(std::move(given), document);
  start_log(prepared.settings());
  log_findings(prepared.findings);
  return {.file = found.file,
          .song_file = found.song_file.empty() ? found.file : found.song_file,
          .composition = pipeline::recorded_composition(found),
          .prepared = std::move(prepared),
          .latents = pipeline::saved_latents(found)};
}

ReviewedSong prepare_sound_review(const CommandCall& call) {
  const std::string& command = call.command().name;
  const std::string file = call.argument(0);
  GivenSettings given = read_given_settings(call);
  pipeline::SourceAudio source = read_sound(file, resolve(given).settings());
  require_audible(source, file);
  given.options["duration"] = {source.facts.seconds(), command};
  given.options["lrc"] = {true, command};
  go_without_language_model(given, command);
  Prepared prepared = prepare(std::move(given));
  start_log(prepared.settings());
  log_findings(prepared.findings);
  song::Composition composition = pipeline::as_asked(prepared.settings());
  return {.file = file,
          .song_file = file,
          .composition = std::move(composition),
          .prepared = std::move(prepared),
          .sound = std::move(source.sound)};
}

pipeline::Review review_song(const ReviewedSong& song, const pipeline::ReviewOptions& options,
                             const CommandCall& call) {
  const request::Settings& settings = song.prepared.settings();
  pipeline::FinishedSong finished{
      .request = settings, .composition = song.composition, .latents = {}};
  if (song.sound) finished.sound = *song.sound;
  if (song.latents) finished.latents = *song.latents;
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
