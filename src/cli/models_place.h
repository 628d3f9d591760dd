// What the commands of `models` share: the checkpoint folder, models by name or path, printing.
#pragma once

#include <c10/core/ScalarType.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "hub/local_model.h"
#include "pipeline/model_folders.h"
#include "request/layer.h"
#include "request/settings.h"
#include "util/stop_token.h"

namespace acestep::cli {

struct ModelsPlace {
  request::Gathered gathered;
  std::filesystem::path checkpoint_dir;

  const request::Settings& settings() const { return gathered.settings; }
};

// Reads the command's fields, starts the log, finds the checkpoint folder.
ModelsPlace models_place(const CommandCall& call);

// What models_place() reads: the models' fields and vae_checkpoint.
std::vector<std::string> models_field_names();

// The models the next song would be made with.
pipeline::ModelFolders chosen_models(const ModelsPlace& place);

// A model by its name in the checkpoint folder or by the path of its folder. It may be absent only
// when the catalogue knows it. Throws Error kModel with the nearest name and the list.
hub::LocalModel named_model(const std::string& name, const std::filesystem::path& checkpoint_dir);

// Throws Error kModel with the command that fetches it, unless something of it is there.
void require_something_of(const hub::LocalModel& model);

// One object for scripts; what the catalogue knows of its name included.
nlohmann::json model_json(const hub::LocalModel& model);

// Result on standard output: text lines, or one JSON object.
void print_json(const nlohmann::json& object);
void print_json_line(const nlohmann::json& object);

// "models/x/" without its last slash.
std::filesystem::path folder_to_write(const std::string& text);

// What "bf16", "fp16" and "fp32" name.
at::ScalarType number_type(const std::string& name);

// Throws Error kUsage for the built-in toy model, which is not to be changed.
void require_changeable(const ModelsPlace& place);

// Asks on the terminal. Absent: there is no terminal to ask on. Throws the stop's Error.
std::optional<bool> ask_yes(const std::string& question, const util::StopToken& stop);

// Rows of cells as columns of equal width, two spaces between.
std::string columns(const std::vector<std::vector<std::string>>& rows);

}  // namespace acestep::cli
