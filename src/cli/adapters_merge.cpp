#include <spdlog/spdlog.h>
#include <unistd.h>

#include <iostream>

#include "cli/adapter_choices.h"
#include "cli/adapters_commands.h"
#include "cli/models_place.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "pipeline/merge_adapters.h"
#include "request/checker.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

void require_adapters(const CommandCall& call, const ModelsPlace& place) {
  request::Findings findings;
  request::Checker checker(place.gathered, findings);
  request::check_adapters(checker);
  request::throw_problems(findings);
  for (const std::string& warning : findings.warnings) spdlog::warn("{}", warning);
  if (!place.settings().lora.empty() && !call.text("out").empty()) return;
  throw Error(ErrorCode::kUsage,
              place.settings().lora.empty() ? "adapters merge: --lora PATH is missing"
                                            : "adapters merge: --out DIR is missing",
              "acestep adapters merge " + call.argument(0) + " --lora singer:0.8 -o DIR");
}

int run(const CommandCall& call) {
  const ModelsPlace place = models_place(call);
  const request::Settings& settings = place.settings();
  require_adapters(call, place);
  const hub::LocalModel model = named_model(call.argument(0), place.checkpoint_dir);
  require_something_of(model);
  const pipeline::Merging merging{model.path, chosen_adapters(settings)};
  util::StopToken stop;
  const SignalGuard guard(stop);
  Progress progress(progress_style(settings, isatty(STDERR_FILENO) == 1), std::cerr);
  progress.stage("merge");
  const std::string out = folder_to_write(call.text("out")).string();
  const auto existing = util::existing_if(settings.force);
  const pipeline::MergedModel merged = pipeline::merge_adapters(
      merging, {out, existing},
      [&](uint64_t done, uint64_t of) {
        progress.step(static_cast<int64_t>(done), static_cast<int64_t>(of));
      },
      stop);
  if (settings.json) {
    print_json({{"success", true},
                {"path", out},
                {"adapters", settings.lora},
                {"tensors", merged.tensors},
                {"bytes", merged.bytes}});
  } else {
    std::cout << out << '\n';
  }
  return 0;
}

}  // namespace

Command adapters_merge_command() {
  std::vector<std::string> fields = model_field_names();
  fields.insert(fields.end(), {"lora", "lora_scale", "adapter_dir", "progress", "force"});
  return {.name = "adapters merge",
          .summary = "a diffusion model with adapters merged into its weights",
          .details =
              "Writes a new model folder with the very weights that generate --lora computes\n"
              "with, in the number type that they are stored in. It makes the same songs, needs\n"
              "no adapter any more, and can be quantised.",
          .arguments = {{"NAME", "a name in the checkpoint folder, or a model folder's path"}},
          .options = {{.name = "out",
                       .value = "DIR",
                       .help = "the folder to write; --force replaces a model that is there",
                       .short_name = 'o'}},
          .fields = std::move(fields),
          .examples = {{"acestep adapters merge acestep-v15-turbo --lora singer:0.8 \\\n"
                        "    -o checkpoints/acestep-v15-turbo-singer",
                        "then: acestep generate -m acestep-v15-turbo-singer"}},
          .run = run};
}

}  // namespace acestep::cli
