#include "cli/commands.h"
#include "cli/generate_run.h"
#include "cli/verify_song.h"
#include "request/request_fields.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

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
  return generate(prepare(read_given_settings(with_task(call))), call.surroundings().cuda);
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
                   {"acestep generate --sample_query \"a soft Bengali love song\"",
                    "words by the language model, too"},
                   {"acestep generate -c ballad.json --lm_only --keep_codes codes.json",
                    "its codes; generate -c codes.json makes the song"},
                   {"acestep generate --verify ballad.flac", "the same song on this machine?"}},
      .run = run};
}

}  // namespace acestep::cli
