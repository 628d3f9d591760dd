#include <unistd.h>

#include <iostream>

#include "cli/models_commands.h"
#include "cli/models_place.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "pipeline/convert_model.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

int run(const CommandCall& call) {
  const ModelsPlace place = models_place(call);
  const request::Settings& settings = place.settings();
  const hub::LocalModel model = named_model(call.argument(0), place.checkpoint_dir);
  require_something_of(model);
  const std::string out = call.text("out");
  if (out.empty()) {
    throw Error(ErrorCode::kUsage, "models convert: --out DIR is missing",
                "Name the folder to write, such as --out checkpoints/" + model.name + "-" +
                    call.text("dtype", "bf16"));
  }
  util::StopToken stop;
  const SignalGuard guard(stop);
  Progress progress(progress_style(settings, isatty(STDERR_FILENO) == 1), std::cerr);
  progress.stage("convert");
  const std::string dtype = call.text("dtype", "bf16");
  const pipeline::Conversion conversion{model.path, folder_to_write(out), number_type(dtype)};
  const auto tell = [&](uint64_t done, uint64_t of) {
    progress.step(static_cast<int64_t>(done), static_cast<int64_t>(of));
  };
  const pipeline::Converted result = pipeline::convert_model(conversion, tell, stop);
  if (settings.json) {
    print_json({{"success", true},
                {"path", conversion.to.string()},
                {"dtype", dtype},
                {"tensors", result.tensors},
                {"bytes", result.bytes}});
  } else {
    std::cout << conversion.to.string() << '\n';
  }
  return 0;
}

std::vector<std::string> convert_fields() {
  std::vector<std::string> fields = model_field_names();
  fields.push_back("progress");
  return fields;
}

}  // namespace

Command models_convert_command() {
  return {.name = "models convert",
          .summary = "a model with its weights in another number type",
          .details =
              "Writes a new folder with all weights in one file, rounded to nearest, and\n"
              "everything else copied. One tensor is in memory at a time, so a model may be\n"
              "larger than the memory. The folder appears once it is complete and known to\n"
              "fit the engine. The published XL models are float32: bf16 halves them.",
          .arguments = {{"NAME", "a name in the checkpoint folder, or a model folder's path"}},
          .options = {{.name = "dtype",
                       .value = "TYPE",
                       .help = "number type of the new weights",
                       .choices = {"bf16", "fp16", "fp32"},
                       .fallback = "bf16"},
                      {.name = "out",
                       .value = "DIR",
                       .help = "the folder to write; must not exist",
                       .short_name = 'o'}},
          .fields = convert_fields(),
          .examples = {{"acestep models convert acestep-v15-xl-turbo --dtype bf16 \\\n"
                        "    --out checkpoints/acestep-v15-xl-turbo-bf16",
                        "half the disk, half the reading"}},
          .run = run};
}

}  // namespace acestep::cli
