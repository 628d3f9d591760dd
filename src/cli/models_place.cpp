#include "cli/models_place.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "cli/given_settings.h"
#include "cli/prepare.h"
#include "request/nearest.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// How long a question leaves Ctrl-C unheard at most.
constexpr int kStopMilliseconds = 100;

std::vector<std::string> names_around(const fs::path& checkpoint_dir) {
  std::vector<std::string> names = hub::known_names();
  for (const hub::LocalModel& model : hub::find_local_models(checkpoint_dir)) {
    if (hub::find_known(model.name) == nullptr) names.push_back(model.name);
  }
  return names;
}

json shards_json(const hub::LocalModel& model) {
  json files = json::array();
  for (const hub::WeightFile& file : model.weights) {
    files.push_back({{"name", file.name}, {"bytes", file.bytes}, {"present", file.is_there}});
  }
  return files;
}

void add_catalogue_facts(json& object, const hub::KnownModel& known) {
  object["repo"] = known.repo;
  object["licence"] = known.licence;
  object["about_bytes"] = known.about_bytes;
  if (!known.note.empty()) object["note"] = known.note;
  if (object["kind"].is_null()) object["kind"] = hub::kind_name(known.kind);
  if (object["family"].is_null() && !known.family.empty()) object["family"] = known.family;
}

}  // namespace

ModelsPlace models_place(const CommandCall& call) {
  ModelsPlace place{gather_fields(call), {}};
  place.checkpoint_dir = pipeline::resolve_checkpoint_dir(checkpoint_folder(place.settings()));
  return place;
}

std::vector<std::string> models_field_names() {
  std::vector<std::string> fields = model_field_names();
  if (std::find(fields.begin(), fields.end(), "vae_checkpoint") == fields.end()) {
    fields.push_back("vae_checkpoint");
  }
  return fields;
}

pipeline::ModelFolders chosen_models(const ModelsPlace& place) {
  return models_named_by(place.settings());
}

hub::LocalModel named_model(const std::string& name, const fs::path& checkpoint_dir) {
  std::error_code error;
  const bool is_path = name.find('/') != std::string::npos || name == "." || name == "..";
  if (is_path && fs::is_directory(name, error)) return hub::look_at_model(name);
  if (is_path) {
    throw Error(ErrorCode::kModel, request::in_quotes(name) + " is not a folder",
                "Name a model of acestep models list, or the path of its folder.");
  }
  const fs::path folder = checkpoint_dir / name;
  const bool is_there = !name.empty() && fs::is_directory(folder, error);
  if (is_there || hub::find_known(name) != nullptr) return hub::look_at_model(folder);
  if (!name.empty() && fs::is_directory(name, error)) return hub::look_at_model(name);
  const std::vector<std::string> names = names_around(checkpoint_dir);
  const auto near = request::nearest_name(name, names);
  throw Error(ErrorCode::kModel, "no model is called " + request::in_quotes(name),
              (near ? "Did you mean " + *near + "? " : std::string()) +
                  "The models: " + request::listed(names));
}

void require_something_of(const hub::LocalModel& model) {
  if (model.state != hub::ModelState::kAbsent) return;
  throw Error(ErrorCode::kModel, model.path.string() + " does not exist",
              "acestep models download " + model.name + " fetches it.");
}

json model_json(const hub::LocalModel& model) {
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? json() : json(text);
  };
  json object = {{"name", model.name},
                 {"state", hub::state_name(model.state)},
                 {"path", model.path.string()},
                 {"kind", model.kind ? json(hub::kind_name(*model.kind)) : json()},
                 {"family", text_or_null(model.family)},
                 {"bytes", model.disk_bytes},
                 {"unfinished_bytes", model.unfinished_bytes},
                 {"dtype", text_or_null(model.types())},
                 {"dtypes", model.parameters_by_type},
                 {"tensors", model.tensors},
                 {"parameters", model.parameters},
                 {"weights", shards_json(model)},
                 {"problems", model.problems}};
  if (const hub::KnownModel* known = hub::find_known(model.name)) {
    add_catalogue_facts(object, *known);
  }
  if (object["family"].is_string()) {
    object["tasks"] = hub::tasks_of(object["family"].get<std::string>());
  }
  return object;
}

void print_json(const json& object) {
  std::cout << object.dump(2, ' ', /*ensure_ascii=*/false, json::error_handler_t::replace) << '\n';
}

void print_json_line(const json& object) {
  std::cout << object.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
}

fs::path folder_to_write(const std::string& text) {
  return (fs::path(text) / "").lexically_normal().parent_path();
}

at::ScalarType number_type(const std::string& name) {
  if (name == "fp32") return at::kFloat;
  return name == "fp16" ? at::kHalf : at::kBFloat16;
}

void require_changeable(const ModelsPlace& place) {
  if (place.settings().checkpoint_dir != "tiny") return;
  throw Error(ErrorCode::kUsage, "--checkpoint_dir tiny is built in and stays as it is",
              "Name a folder of your own.");
}

std::optional<bool> ask_yes(const std::string& question, const util::StopToken& stop) {
  if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) return std::nullopt;
  std::cerr << question << " [y/N] " << std::flush;
  pollfd waiting = {STDIN_FILENO, POLLIN, 0};
  while (::poll(&waiting, 1, kStopMilliseconds) <= 0) stop.throw_if_stopped();
  std::string answer;
  std::getline(std::cin, answer);
  const std::string lower = request::to_lower_ascii(request::trim(answer));
  return lower == "y" || lower == "yes";
}

std::string columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

}  // namespace acestep::cli
