#include <spdlog/spdlog.h>
#include <unistd.h>

#include <iostream>

#include "cli/commands.h"
#include "cli/dry_run.h"
#include "cli/engine_call.h"
#include "cli/every_track.h"
#include "cli/log.h"
#include "cli/prepare.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/verify_song.h"
#include "request/request_fields.h"
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
  show_result(result, settings);
  return 0;
}

// The task as a word: "acestep generate cover".
CommandCall with_task(CommandCall call) {
  const std::string task = call.argument(0);
  if (task.empty()) return call;
  const auto& typed = call.field_texts();
  const auto other = typed.find("task_type");
  if (other != typed.end() && other->second != task) {
    throw Error(ErrorCode::kUsage,
                "the task is both '" + task + "' and --task_type " + other->second, "give one");
  }
  call.put_field("task_type", task);
  return call;
}

int run(const CommandCall& call) {
  if (call.has("verify")) return verify_song(call);
  const Prepared prepared = prepare(read_given_settings(with_task(call)));
  start_log(prepared.settings());
  log_findings(prepared.findings);
  require_names_of_tracks(prepared.settings());
  if (prepared.settings().dry_run) return show_dry_run(prepared);
  return make_and_show(prepared, call.surroundings().cuda);
}

}  // namespace

Command generate_command() {
  return {
      .name = "generate",
      .summary = "a song from words, or from another song",
      .details = "The song's path goes to standard output, everything else to standard error.",
      .arguments = {{.name = "TASK",
                     .help = "what is made, as --task_type says it: text2music without one",
                     .is_required = false,
                     .choices = request::field_named("task_type").choices}},
      .options = {{.name = "verify",
                   .value = "FILE",
                   .help = "make this song again from its record and tell whether it is the same "
                           "and, if not, why: exit code 0 or 7"}},
      .takes_request = true,
      .examples = {{"acestep generate --caption \"calm folk ballad, finger-picked guitar\" \\\n"
                    "    --lyrics @song.txt --duration 60 --seed 7 --output ballad.flac",
                    "one song"},
                   {"acestep generate -c ballad.json --batch_size 4", "a request file, four songs"},
                   {"acestep generate cover -i ballad.flac --caption \"jazz piano trio\"",
                    "the same music, played otherwise"},
                   {"acestep generate repaint -i ballad.flac --repaint 20:28 -c ballad.json",
                    "eight seconds anew"},
                   {"acestep generate -c ballad.json --dry-run", "what would be done"},
                   {"acestep generate --verify ballad.flac", "the same song on this machine?"}},
      .run = run};
}

}  // namespace acestep::cli
