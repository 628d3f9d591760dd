#include "cli/service_call.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cmath>
#include <iostream>
#include <optional>
#include <utility>

#include "cli/engine_call.h"
#include "cli/given_settings.h"
#include "cli/log.h"
#include "cli/machine_plan.h"
#include "cli/models_place.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/time_limit.h"
#include "diffusion/noise.h"
#include "pipeline/batches.h"
#include "pipeline/words.h"
#include "request/validate.h"
#include "util/atomic_file.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

std::string metadata_line(const pipeline::SongDescription& song) {
  std::vector<std::string> parts;
  if (song.bpm) parts.push_back("bpm " + std::to_string(*song.bpm));
  if (!song.keyscale.empty()) parts.push_back("key " + song.keyscale);
  if (!song.timesignature.empty()) parts.push_back("metre " + song.timesignature);
  if (song.duration) parts.push_back(std::to_string(std::llround(*song.duration)) + " s");
  if (!song.language.empty()) parts.push_back("language " + song.language);
  if (song.is_instrumental) parts.emplace_back("instrumental");
  std::string line;
  for (const std::string& part : parts) line += (line.empty() ? "" : ", ") + part;
  return line;
}

void refuse_without_model(const Prepared& prepared, const std::string& command) {
  if (prepared.settings().lm_model_path != "none") return;
  throw Error(ErrorCode::kUsage,
              command + " asks the language model, but lm_model_path is none (" +
                  prepared.gathered.source_of("lm_model_path") + ")",
              "leave --lm_model_path out, or name a model that `acestep models list` shows");
}

std::string json_text(const pipeline::SongDescription& song) {
  return pipeline::to_json(song).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

}  // namespace

std::vector<std::string> service_field_names(const std::vector<std::string>& more) {
  std::vector<std::string> names = machine_field_names();
  names.insert(names.end(),
               {"lm_model_path", "global_seed", "seed", "lm_seed", "lm_temperature", "lm_top_k",
                "lm_top_p", "lm_repetition_penalty", "use_constrained_decoding"});
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

CommandOption request_out_option() {
  return {.name = "request_out",
          .value = "FILE",
          .help = "write the answer as a request for generate -c; --force replaces a file",
          .short_name = 'o'};
}

Prepared prepare_service(const CommandCall& call, request::Layer layer) {
  return prepare_service(read_given_settings(call), call.command().name, std::move(layer));
}

Prepared prepare_service(GivenSettings given, const std::string& command, request::Layer layer) {
  read_texts(layer, given.standard_input);
  for (auto& [field, value] : layer) given.options.insert_or_assign(field, std::move(value));
  return prepare_without_song(std::move(given), [&](Prepared& prepared) {
    refuse_without_model(prepared, command);
    request::validate(prepared.gathered, prepared.family, prepared.findings);
  });
}

text::Compat compat_of(const request::Settings& settings) {
  return settings.compat == "reference" ? text::Compat::kReference : text::Compat::kFixed;
}

uint64_t service_seed(const request::Settings& settings) {
  if (settings.compat == "reference" && settings.global_seed) {
    return static_cast<uint64_t>(*settings.global_seed);
  }
  if (settings.lm_seed) return static_cast<uint64_t>(*settings.lm_seed);
  if (!settings.seeds.empty()) return static_cast<uint64_t>(settings.seeds.front());
  return pipeline::random_seed();
}

pipeline::ServiceAnswer ask_language_model(const Prepared& prepared,
                                           const pipeline::ServiceTask& task, uint64_t seed,
                                           pipeline::OpenedModels& models, song::Observer& observer,
                                           util::StopToken& stop) {
  const request::Settings& settings = prepared.settings();
  const TimeLimit limit(stop, settings.generation_timeout);
  const song::StageContext context{.observer = observer,
                                   .check_stop = [&stop] { stop.throw_if_stopped(); },
                                   .device = models.device.device};
  pipeline::ServiceAnswer answer =
      pipeline::serve(*models.components,
                      {.task = task,
                       .options = pipeline::service_options(settings, compat_of(settings),
                                                            models.components->policy()),
                       .generator = diffusion::make_generator(seed)},
                      context);
  models.components->end_request();
  return answer;
}

int run_words(const CommandCall& call, request::Layer layer) {
  const Prepared prepared = prepare_service(call, std::move(layer));
  const request::Settings& settings = prepared.settings();
  return run_service(call, prepared,
                     pipeline::planned_tasks(settings, compat_of(settings)).front());
}

int run_service(const CommandCall& call, const Prepared& prepared,
                const pipeline::ServiceTask& task) {
  return run_service(call, prepared, {.task = [&](auto&, auto&, auto&) { return task; }});
}

int run_service(const CommandCall& call, const Prepared& prepared, const ServiceRun& run) {
  const request::Settings& settings = prepared.settings();
  const std::string out = call.text("request_out");
  std::optional<util::AtomicFile> file;
  if (!out.empty()) file.emplace(out, util::existing_if(settings.force));

  util::StopToken stop;
  const SignalGuard guard(stop);
  Progress progress(progress_style(settings, isatty(STDERR_FILENO) == 1), std::cerr);
  pipeline::OpenedModels models =
      pipeline::open_models(machine_options(prepared), call.surroundings().cuda, run.needs);
  const uint64_t seed = service_seed(settings);
  const pipeline::ServiceTask task = run.task(models, progress, stop);
  const pipeline::SongDescription song =
      ask_language_model(prepared, task, seed, models, progress, stop).song;
  progress.done(0);
  spdlog::info("seed {}", seed);
  if (file) {
    file->write(json_text(song));
    file->commit();
  }
  show_description(song, settings);
  return 0;
}

void show_description(const pipeline::SongDescription& song, const request::Settings& settings) {
  if (settings.json) {
    std::cout << json_text(song);
    return;
  }
  std::cout << "caption: " << song.caption << '\n'
            << metadata_line(song) << "\n\n"
            << song.lyrics << '\n';
}

}  // namespace acestep::cli
