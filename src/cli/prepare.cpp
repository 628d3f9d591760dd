#include "cli/prepare.h"

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "cli/command_line.h"
#include "cli/text_input.h"
#include "request/document.h"
#include "request/json_document.h"
#include "request/presets.h"
#include "request/request_fields.h"
#include "request/text.h"
#include "request/validate.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

namespace fs = std::filesystem;

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

struct Reader {
  request::Findings& findings;
  StandardInput standard_input = {};
  std::vector<std::string> unknown_keys = {};

  request::Layer read(const std::string& file) {
    const std::string text =
        file == "-" ? standard_input.take("--config") : request::read_document(file);
    request::Document document = request::read_request(text, file == "-" ? "standard input" : file);
    document.name = file;
    request::FileLayer layer = request::read_layer(document, findings);
    for (std::string& key : layer.unknown_keys) unknown_keys.push_back(std::move(key));
    return std::move(layer.layer);
  }
};

// The reference reads a TOML file's lyrics from a file too; JSON requests mean what they say.
bool may_name_files(const std::string& file) { return file.ends_with(".toml"); }

std::vector<request::Layer> read_layers(const std::vector<std::string>& arguments,
                                        const request::Environment& environment, Reader& reader) {
  GenerateOptions options = parse_generate_options(arguments, reader.findings);
  std::vector<std::string> files = options.config_files;
  if (const auto file = user_config(environment)) files.insert(files.begin(), *file);
  std::vector<request::Layer> layers;
  for (const std::string& file : files) {
    layers.push_back(reader.read(file));
    if (may_name_files(file)) read_texts(layers.back(), reader.standard_input);
  }
  layers.push_back(request::read_environment(environment, reader.findings));
  read_texts(layers.back(), reader.standard_input);
  read_texts(options.layer, reader.standard_input);
  layers.push_back(std::move(options.layer));
  return layers;
}

void judge_unknown_keys(const Reader& reader, const request::Settings& settings) {
  auto& list = settings.strict_config ? reader.findings.problems : reader.findings.warnings;
  list.insert(list.end(), reader.unknown_keys.begin(), reader.unknown_keys.end());
}

std::string checkpoint_folder(const request::Settings& settings) {
  if (settings.checkpoint_dir == "tiny") return settings.checkpoint_dir;
  const fs::path root = settings.project_root.empty() ? "." : settings.project_root;
  const fs::path folder = settings.checkpoint_dir.empty() ? "checkpoints" : settings.checkpoint_dir;
  return (root / folder).lexically_normal().string();
}

void find_models(Prepared& prepared) {
  const request::Settings& settings = prepared.settings();
  prepared.checkpoint_dir = checkpoint_folder(settings);
  pipeline::ModelChoice choice{pipeline::resolve_checkpoint_dir(prepared.checkpoint_dir),
                               settings.config_path, settings.lm_model_path};
  if (!settings.wants_language_model()) choice.lm = "none";
  prepared.models = pipeline::find_models(choice);
  // Who does not think and has no language model installed can still make songs.
  const bool goes_without = !settings.thinking && settings.lm_model_path.empty() &&
                            prepared.models.uses_lm() && !prepared.models.lm.is_present;
  if (!goes_without) return;
  choice.lm = "none";
  prepared.models = pipeline::find_models(choice);
  prepared.findings.warnings.push_back(
      "no language model is installed: what is left open stays open");
}

// The model's own word counts; its name only where it is not there to ask.
request::ModelFamily family_of_model(const pipeline::ModelFolder& dit) {
  using request::ModelFamily;
  const ModelFamily by_name = request::family_of(dit.name);
  const fs::path config = dit.path / "config.json";
  std::error_code error;
  if (!fs::is_regular_file(config, error)) return by_name;
  const auto json = request::parse_json(request::read_document(config), config.string());
  const auto is_turbo = json.is_object() ? json.find("is_turbo") : json.end();
  if (is_turbo == json.end() || !is_turbo->is_boolean()) return by_name;
  if (!is_turbo->get<bool>()) return ModelFamily::kOther;
  return by_name == ModelFamily::kOther ? ModelFamily::kTurbo : by_name;
}

// What was left to be chosen, so that a dry run and the record name it.
void fill_choices(Prepared& prepared) {
  request::Settings& settings = prepared.gathered.settings;
  const auto fill = [&](const std::string& field, std::string& member, const std::string& value) {
    if (!member.empty()) return;
    member = value;
    prepared.gathered.origins[field] = {"auto", -1};
  };
  fill("config_path", settings.config_path, prepared.models.dit.name);
  fill("lm_model_path", settings.lm_model_path,
       prepared.models.uses_lm() ? prepared.models.lm.name : "none");
  fill("checkpoint_dir", settings.checkpoint_dir, prepared.checkpoint_dir);
}

void refuse_other_families(Prepared& prepared, request::ModelFamily family) {
  // What is not there is told as a missing model, not as an unsupported one.
  if (family != request::ModelFamily::kOther || !prepared.models.dit.is_present) return;
  prepared.findings.problems.push_back(
      "config_path = " + request::in_quotes(prepared.models.dit.name) +
      ": not supported yet; allowed: turbo and xl-turbo models");
}

void judge_adjustments(request::Findings& findings, const request::Settings& settings) {
  if (!settings.strict) return;
  for (const request::Adjustment& adjustment : findings.adjustments) {
    findings.problems.push_back(to_text(adjustment) + "; --strict allows no adjustment");
  }
}

}  // namespace

request::Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

Prepared prepare(const std::vector<std::string>& arguments,
                 const request::Environment& environment) {
  Prepared prepared;
  request::Findings& findings = prepared.findings;
  Reader reader{findings};
  prepared.gathered = gather(read_layers(arguments, environment, reader), findings);
  judge_unknown_keys(reader, prepared.settings());
  request::throw_problems(findings);

  request::normalise(prepared.gathered, findings);
  find_models(prepared);
  fill_choices(prepared);
  const request::ModelFamily family = family_of_model(prepared.models.dit);
  refuse_other_families(prepared, family);
  request::apply_preset(prepared.gathered, family, findings);
  request::resolve_seed_fields(prepared.gathered, findings);
  request::validate(prepared.gathered, family, findings);
  judge_adjustments(findings, prepared.settings());
  request::throw_problems(findings);
  return prepared;
}

}  // namespace acestep::cli
