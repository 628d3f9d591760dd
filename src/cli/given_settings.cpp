#include "cli/given_settings.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "cli/command_table.h"
#include "request/json_document.h"
#include "request/request_fields.h"
#include "request/validate.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

namespace fs = std::filesystem;
using Fields = std::vector<const request::Field*>;

// $XDG_CONFIG_HOME/acestep/config.toml, else ~/.config/acestep/config.toml, if it exists.
std::optional<std::string> user_config(const request::Environment& environment) {
  const std::string home = environment("HOME").value_or("");
  std::string folder = environment("XDG_CONFIG_HOME").value_or("");
  if (folder.empty() && home.empty()) return std::nullopt;
  if (folder.empty()) folder = home + "/.config";
  const fs::path file = fs::path(folder) / "acestep" / "config.toml";
  std::error_code error;
  if (!fs::exists(file, error)) return std::nullopt;
  return file.string();
}

// "-" is standard input.
std::string read_text_of(const std::string& file, const std::string& option,
                         StandardInput& standard_input) {
  return file == "-" ? standard_input.take(option) : request::read_document(file);
}

// The reference reads a TOML file's lyrics from a file too; JSON requests mean what they say.
bool may_name_files(const std::string& file) { return file.ends_with(".toml"); }

// The .env files beside the request files, each once, then those the user named.
std::vector<std::string> env_files(const CommandCall& call) {
  std::vector<std::string> files;
  const auto add = [&](const std::string& file) {
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
  };
  for (const std::string& config : call.texts("config")) {
    const fs::path beside = fs::path(config).parent_path() / ".env";
    std::error_code error;
    if (config != "-" && fs::is_regular_file(beside, error)) add(beside.string());
  }
  for (const std::string& file : call.texts("env_file")) add(file);
  return files;
}

// What the process says wins over files, later files over earlier ones.
request::Layer environment_layer(const CommandCall& call, GivenSettings& given) {
  const auto fields = fields_of(call.command());
  const request::Environment& process = call.surroundings().environment;
  request::Layer layer = request::read_environment(process, fields, given.findings);
  given.idle_variables = request::idle_variables(process);
  std::vector<std::string> files = env_files(call);
  std::reverse(files.begin(), files.end());
  for (const std::string& name : files) {
    const request::EnvFile file =
        request::read_env_file(read_text_of(name, "--env_file", given.standard_input),
                               name == "-" ? "standard input" : name);
    layer.merge(request::read_environment(file, fields, given.findings));
    for (auto& variable : request::idle_variables(request::environment_of(file))) {
      given.idle_variables.push_back(std::move(variable));
    }
    for (auto& message : request::unknown_variables(file)) {
      given.unknown_keys.push_back(std::move(message));
    }
  }
  request::append(given.findings, {.warnings = request::refused_wishes(given.idle_variables)});
  read_texts(layer, given.standard_input);
  return layer;
}

bool holds(const Fields& fields, const request::Field* field) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

request::Layer options_layer(const CommandCall& call, const Fields& fields,
                             request::Findings& findings) {
  request::Layer layer;
  for (const auto& [name, text] : call.field_texts()) {
    const request::Field& field = request::field_named(name);
    if (holds(fields, &field)) request::put_text(layer, field, text, "cli", findings);
  }
  return layer;
}

// The document without keys of other fields.
request::Document only(const Fields& fields, request::Document document) {
  std::erase_if(document.entries, [&](const request::Entry& entry) {
    return !holds(fields, request::find_field(entry.key));
  });
  return document;
}

// The user's configuration, environment and options; of these fields only.
request::Gathered gather_only(const CommandCall& call, const Fields& fields) {
  const request::Environment& environment = call.surroundings().environment;
  request::Findings findings;
  StandardInput standard_input;
  std::vector<request::Layer> layers;
  if (const auto file = user_config(environment)) {
    const request::Document document = read_request_file(*file, standard_input);
    layers.push_back(request::read_layer(only(fields, document), findings).layer);
  }
  layers.push_back(request::read_environment(environment, fields, findings));
  layers.push_back(options_layer(call, fields, findings));
  request::Gathered gathered = request::gather(layers, findings);
  for (const request::Field* field : fields) request::normalise_field(gathered.settings, *field);
  request::validate_fields(gathered, fields, findings);
  request::throw_problems(findings);
  return gathered;
}

}  // namespace

request::Document read_request_file(const std::string& file, StandardInput& standard_input) {
  request::Document document = request::read_request(read_text_of(file, "--config", standard_input),
                                                     file == "-" ? "standard input" : file);
  document.name = file;
  return document;
}

GivenSettings read_given_settings(const CommandCall& call) {
  GivenSettings given;
  given.cuda = call.surroundings().cuda;
  std::vector<std::string> files = call.texts("config");
  const request::Environment& environment = call.surroundings().environment;
  if (const auto file = user_config(environment)) files.insert(files.begin(), *file);
  for (const std::string& file : files) {
    given.files.push_back(read_request_layer(read_request_file(file, given.standard_input), given));
  }
  given.environment = environment_layer(call, given);
  given.options = options_layer(call, fields_of(call.command()), given.findings);
  read_texts(given.options, given.standard_input);
  return given;
}

request::Layer read_request_layer(const request::Document& document, GivenSettings& given) {
  request::FileLayer file = request::read_layer(document, given.findings);
  for (std::string& key : file.unknown_keys) given.unknown_keys.push_back(std::move(key));
  if (may_name_files(document.name)) read_texts(file.layer, given.standard_input);
  return std::move(file.layer);
}

request::Gathered gather_fields(const CommandCall& call) {
  return gather_only(call, fields_of(call.command()));
}

request::TerminalSettings log_settings(const CommandCall& call) {
  Fields fields;
  for (const std::string& name : log_field_names()) fields.push_back(&request::field_named(name));
  return gather_only(call, fields).settings;
}

void go_without_language_model(GivenSettings& given, const std::string& why) {
  given.options["lm_model_path"] = {std::string("none"), why};
  for (const char* field : {"thinking", "use_cot_metas", "use_cot_caption", "use_cot_language"}) {
    given.options[field] = {false, why};
  }
}

}  // namespace acestep::cli
