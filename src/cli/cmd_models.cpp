#include <spdlog/spdlog.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/given_settings.h"
#include "cli/models_commands.h"
#include "tiny/tiny_models.h"

namespace acestep::cli {
namespace {

int run_make_tiny(const CommandCall& call) {
  constexpr int64_t kLargestSeed = 4294967295;
  const request::Settings settings = gather_fields(call).settings;
  const std::string folder = call.argument(0);
  const int64_t seed = call.integer("seed", 1, 0, kLargestSeed);
  tiny::write_models(folder, static_cast<uint64_t>(seed),
                     call.is_on("proportioned") ? tiny::proportioned_sizes() : tiny::ModelSizes{});
  if (settings.json) {
    const nlohmann::json object = {{"success", true}, {"path", folder}, {"seed", seed}};
    std::cout << object.dump(2) << '\n';
  } else {
    std::cout << folder << '\n';
  }
  spdlog::info("a complete toy model with random weights: what it makes sounds like noise");
  return 0;
}

}  // namespace

Command models_make_tiny_command() {
  return {.name = "models make-tiny",
          .summary = "a complete toy model folder; it sounds like noise",
          .details =
              "Writes a model folder in the published layout with random weights: it shows\n"
              "that everything works, in seconds. `--checkpoint_dir tiny` does the same\n"
              "with a folder in the cache.",
          .arguments = {{"DIR", "the folder to write"}},
          .options = {{"seed", "N", "other weights for another number", 0, {}, "1"},
                      {.name = "proportioned",
                       .help = "larger, in the published models' proportions: for tier-test and "
                               "--sim_scale auto"}},
          .fields = {"json", "quiet"},
          .examples = {{"acestep models make-tiny toy && \\\n"
                        "    acestep generate --checkpoint_dir toy --caption rain",
                        "a first song"}},
          .run = run_make_tiny};
}

std::vector<Command> models_commands() {
  return {models_list_command(),    models_info_command(),     models_where_command(),
          models_verify_command(),  models_download_command(), models_plan_download_command(),
          models_convert_command(), models_remove_command(),   models_make_tiny_command()};
}

}  // namespace acestep::cli
