#include <iostream>

#include "cli/models_commands.h"
#include "cli/models_place.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

json folder_json(const pipeline::ModelFolder& folder, const std::string& source) {
  return {{"name", folder.name},
          {"path", folder.path.string()},
          {"present", folder.is_present},
          {"source", source}};
}

// "default" says nothing about what was found: a model that nobody named was looked for.
std::string choice_source(const ModelsPlace& place, const std::string& field) {
  return place.gathered.is_given(field) ? place.gathered.source_of(field) : "first found";
}

json where_json(const ModelsPlace& place) {
  const pipeline::ModelFolders chosen = chosen_models(place);
  std::error_code error;
  json object = {{"checkpoint_dir", std::filesystem::absolute(place.checkpoint_dir).string()},
                 {"source", place.gathered.source_of("checkpoint_dir")},
                 {"exists", std::filesystem::is_directory(place.checkpoint_dir, error)},
                 {"missing", chosen.missing()}};
  object["models"] = {{"dit", folder_json(chosen.dit, choice_source(place, "config_path"))},
                      {"text_encoder", folder_json(chosen.text_encoder, "default")},
                      {"vae", folder_json(chosen.vae, place.gathered.source_of("vae_checkpoint"))}};
  if (chosen.uses_lm()) {
    object["models"]["lm"] = folder_json(chosen.lm, choice_source(place, "lm_model_path"));
  }
  return object;
}

int run(const CommandCall& call) {
  const ModelsPlace place = models_place(call);
  const json object = where_json(place);
  if (place.settings().json) {
    print_json(object);
    return 0;
  }
  std::cout << object["checkpoint_dir"].get<std::string>() << '\n';
  if (place.settings().quiet) return 0;
  std::cerr << "(" << object["source"].get<std::string>()
            << (object["exists"].get<bool>() ? "" : ", does not exist") << ")\n";
  std::vector<std::vector<std::string>> rows;
  for (const auto& [role, model] : object["models"].items()) {
    rows.push_back({role, model["name"], model["present"].get<bool>() ? "present" : "missing",
                    model["source"]});
  }
  std::cerr << columns(rows);
  return 0;
}

}  // namespace

Command models_where_command() {
  return {.name = "models where",
          .summary = "where models are looked for, why, and which would be taken",
          .details =
              "Prints the checkpoint folder. It is, highest first: --checkpoint_dir,\n"
              "ACESTEP_CHECKPOINTS_DIR, the user's configuration file, `checkpoints` in\n"
              "--project_root or the current folder.",
          .fields = models_field_names(),
          .examples = {{"cd \"$(acestep models where --quiet)\"", "go there"},
                       {"acestep models where --json", "with the models that would be taken"}},
          .run = run};
}

}  // namespace acestep::cli
