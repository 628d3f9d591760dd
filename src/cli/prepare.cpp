#include "cli/prepare.h"

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "request/json_document.h"
#include "request/presets.h"
#include "request/request_fields.h"
#include "request/text.h"
#include "request/validate.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

namespace fs = std::filesystem;

std::vector<request::Layer> layers_of(GivenSettings& given,
                                      const std::optional<request::Document>& request) {
  std::vector<request::Layer> layers = given.files;
  if (request) layers.push_back(read_request_layer(*request, given));
  layers.push_back(given.environment);
  layers.push_back(given.options);
  return layers;
}

void judge_unknown_keys(const std::vector<std::string>& keys, Prepared& prepared) {
  auto& list =
      prepared.settings().strict_config ? prepared.findings.problems : prepared.findings.warnings;
  list.insert(list.end(), keys.begin(), keys.end());
}

void find_models(Prepared& prepared) {
  const request::Settings& settings = prepared.settings();
  prepared.checkpoint_dir = checkpoint_folder(settings);
  pipeline::ModelChoice choice{pipeline::resolve_checkpoint_dir(prepared.checkpoint_dir),
                               settings.config_path, settings.lm_model_path,
                               settings.vae_checkpoint};
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
  if (is_turbo->get<bool>() == request::is_turbo(by_name)) return by_name;
  return is_turbo->get<bool>() ? ModelFamily::kTurbo : ModelFamily::kBase;
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

std::string checkpoint_folder(const request::Settings& settings) {
  if (settings.checkpoint_dir == "tiny") return settings.checkpoint_dir;
  const fs::path root = settings.project_root.empty() ? "." : settings.project_root;
  const fs::path folder = settings.checkpoint_dir.empty() ? "checkpoints" : settings.checkpoint_dir;
  return (root / folder).lexically_normal().string();
}

Prepared resolve(GivenSettings given, const std::optional<request::Document>& request) {
  Prepared prepared;
  const std::vector<request::Layer> layers = layers_of(given, request);
  prepared.findings = std::move(given.findings);
  request::Findings& findings = prepared.findings;
  prepared.gathered = gather(layers, findings);
  judge_unknown_keys(given.unknown_keys, prepared);
  request::throw_problems(findings);

  request::normalise(prepared.gathered, findings);
  find_models(prepared);
  fill_choices(prepared);
  prepared.family = family_of_model(prepared.models.dit);
  request::apply_preset(prepared.gathered, prepared.family, findings);
  request::resolve_seed_fields(prepared.gathered, findings);
  return prepared;
}

Prepared prepare(GivenSettings given, const std::optional<request::Document>& request) {
  Prepared prepared = resolve(std::move(given), request);
  request::Findings& findings = prepared.findings;
  request::validate(prepared.gathered, prepared.family, findings);
  judge_adjustments(findings, prepared.settings());
  request::throw_problems(findings);
  return prepared;
}

}  // namespace acestep::cli
