#include "cli/generate_run.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <iostream>
#include <optional>

#include "cli/dry_run.h"
#include "cli/engine_call.h"
#include "cli/every_track.h"
#include "cli/log.h"
#include "cli/models_place.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "pipeline/composed_request.h"
#include "pipeline/review.h"
#include "util/atomic_file.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

int show_dry_run(const Prepared& prepared) {
  const nlohmann::json object = dry_run_json(prepared);
  if (prepared.settings().json) {
    std::cout << object.dump(2) << '\n';
  } else {
    std::cout << dry_run_text(prepared);
  }
  return prepared.settings().strict ? object.at("exit_code").get<int>() : 0;
}

void show_result(const nlohmann::json& result, const request::Settings& settings) {
  if (settings.json) {
    std::cout << result.dump(2) << '\n';
    return;
  }
  for (const auto& audio : result.at("audios")) {
    const auto path = audio.at("path").get<std::string>();
    if (path != pipeline::kStandardOutput) std::cout << path << '\n';
  }
}

// Of the songs that were written, then of those that were not.
void tell_scores(const nlohmann::json& result) {
  for (const auto& audio : result.at("audios")) {
    if (!audio.contains("scores")) continue;
    spdlog::info("{}: score {}", audio.at("path").get<std::string>(),
                 pipeline::scores_text(audio.at("scores")));
  }
  const auto& extra = result.at("extra_outputs");
  if (!extra.contains("dropped")) return;
  for (const auto& song : extra.at("dropped")) {
    spdlog::info("song {} of seed {} is not written: score {}", song.at("index").get<int64_t>(),
                 song.at("seed").get<uint64_t>(), pipeline::scores_text(song.at("scores")));
  }
}

// make_songs(); listeners to the progress hear of a failure too.
nlohmann::json make_and_tell(const Prepared& prepared, const device::CudaBackend& cuda,
                             Progress& progress, util::StopToken& stop) {
  try {
    pipeline::Session session(machine_options(prepared), cuda);
    return make_tracks(
        prepared, [&](const SongCall& call) { return make_songs(call, session, progress, stop); });
  } catch (const Error& error) {
    progress.done(error.exit_code());
    throw;
  }
}

int make_and_show(const Prepared& prepared, const device::CudaBackend& cuda) {
  const request::Settings& settings = prepared.settings();
  util::StopToken stop;
  const SignalGuard guard(stop);
  Progress progress(progress_style(settings, isatty(STDERR_FILENO) == 1), std::cerr);
  const nlohmann::json result = make_and_tell(prepared, cuda, progress, stop);
  if (settings.print_prompts && !settings.json) {
    std::cerr << prompts_text(result.at("extra_outputs").at("prompts"));
  }
  for (const auto& audio : result.at("audios")) progress.output(audio.at("path"));
  progress.done(0);
  tell_scores(result);
  show_result(result, settings);
  return 0;
}

// With several songs one request a line, as `acestep batch` reads them.
void show_requests(const pipeline::ComposedRequests& composed, const Prepared& prepared) {
  const request::Settings& settings = prepared.settings();
  if (settings.json) {
    print_json({{"success", true},
                {"requests", composed.requests},
                {"keep_codes", settings.keep_codes},
                {"adjustments", composed.adjustments},
                {"warnings", prepared.findings.warnings}});
  } else if (!settings.keep_codes.empty()) {
    std::cout << settings.keep_codes << '\n';
  } else if (composed.requests.size() == 1) {
    print_json(composed.requests.front());
  } else {
    for (const nlohmann::json& request : composed.requests) print_json_line(request);
  }
}

// --lm_only
int compose_and_show(const Prepared& prepared, const device::CudaBackend& cuda) {
  const request::Settings& settings = prepared.settings();
  std::optional<util::AtomicFile> file;
  if (!settings.keep_codes.empty()) {
    file.emplace(settings.keep_codes, util::existing_if(settings.force));
  }
  util::StopToken stop;
  const SignalGuard guard(stop);
  Progress progress(progress_style(settings, isatty(STDERR_FILENO) == 1), std::cerr);
  pipeline::Session session(machine_options(prepared), cuda);
  const pipeline::ComposedRequests composed = compose_songs(prepared, session, progress, stop);
  if (file) pipeline::write_requests(*file, settings.keep_codes, composed.requests);
  progress.done(0);
  show_requests(composed, prepared);
  return 0;
}

}  // namespace

int generate(const Prepared& prepared, const device::CudaBackend& cuda) {
  const request::Settings& settings = prepared.settings();
  start_log(settings);
  log_findings(prepared.findings);
  require_names_of_tracks(settings);
  if (settings.dry_run) return show_dry_run(prepared);
  if (settings.lm_only) return compose_and_show(prepared, cuda);
  return make_and_show(prepared, cuda);
}

}  // namespace acestep::cli
