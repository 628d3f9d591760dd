#include "request/trial.h"

#include "request/presets.h"
#include "request/request_fields.h"
#include "request/validate.h"

namespace acestep::request {
namespace {

constexpr const char* kUsualModel = "acestep-v15-turbo";

// What gather() refuses for coming later leaves the layer.
void put_aside_later_values(Layer& layer, Trial& trial) {
  for (const Field& field : all_fields()) {
    if (field.support != FieldSupport::kLater || !layer.contains(field.name)) continue;
    Findings findings;
    const Layer alone = {{field.name, layer.at(field.name)}};
    gather({alone}, findings);
    for (std::string& problem : findings.problems) trial.not_yet.push_back(std::move(problem));
    layer.erase(field.name);
  }
}

// Any words: they are what a part of a request leaves to the other parts.
Layer words() { return {{"caption", {std::string("a song"), "default"}}}; }

bool has_words(const Layer& layer) {
  for (const char* field : {"caption", "lyrics", "audio_codes", "sample_query", "sample_mode"}) {
    if (layer.contains(field)) return true;
  }
  return false;
}

}  // namespace

Trial try_layer(Layer layer) {
  Trial trial;
  const bool is_part = !has_words(layer);
  put_aside_later_values(layer, trial);
  std::vector<Layer> layers = {std::move(layer)};
  if (is_part) layers.insert(layers.begin(), words());
  trial.gathered = gather(layers, trial.findings);
  normalise(trial.gathered, trial.findings);
  const std::string& model = trial.gathered.settings.config_path;
  const ModelFamily family = family_of(model.empty() ? kUsualModel : model);
  apply_preset(trial.gathered, family, trial.findings);
  resolve_seed_fields(trial.gathered, trial.findings);
  validate(trial.gathered, family, trial.findings);
  return trial;
}

std::string problem_of(const Trial& trial, const std::string& field) {
  for (const auto* list : {&trial.findings.problems, &trial.not_yet}) {
    for (const std::string& problem : *list) {
      if (problem.starts_with(field + " = ")) return problem;
    }
  }
  return "";
}

}  // namespace acestep::request
