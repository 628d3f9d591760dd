#include <spdlog/spdlog.h>

#include <algorithm>
#include <iostream>

#include "cli/machine_plan.h"
#include "cli/models_commands.h"
#include "cli/models_place.h"
#include "hub/size_text.h"
#include "plan/language_model.h"
#include "request/text.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

// Those found, in the catalogue's order where it knows them, then those that could be fetched.
std::vector<hub::LocalModel> listed_models(const std::filesystem::path& checkpoint_dir) {
  std::vector<hub::LocalModel> models;
  for (const hub::KnownModel& known : hub::known_models()) {
    models.push_back(hub::look_at_model(checkpoint_dir / known.name));
  }
  for (hub::LocalModel& found : hub::find_local_models(checkpoint_dir)) {
    if (hub::find_known(found.name) == nullptr) models.push_back(std::move(found));
  }
  std::stable_partition(models.begin(), models.end(), [](const hub::LocalModel& model) {
    return model.state != hub::ModelState::kAbsent;
  });
  return models;
}

// The models a song would be made with now.
std::vector<std::string> chosen_names(const ModelsPlace& place) {
  const pipeline::ModelFolders chosen = chosen_models(place);
  std::vector<std::string> names;
  for (const auto* folder : {&chosen.dit, &chosen.lm, &chosen.text_encoder, &chosen.vae}) {
    if (folder->is_present) names.push_back(folder->name);
  }
  return names;
}

std::string kind_text(const json& model) {
  const std::string kind = model["kind"].is_string() ? model["kind"].get<std::string>() : "?";
  return model["family"].is_string() ? model["family"].get<std::string>() + " " + kind : kind;
}

std::string size_cell(const json& model) {
  const auto bytes = model["bytes"].get<uint64_t>();
  if (bytes > 0) return hub::size_text(bytes);
  if (!model.contains("about_bytes")) return "";
  return "about " + hub::size_text(model["about_bytes"].get<uint64_t>());
}

void print_table(const json& models) {
  std::vector<std::vector<std::string>> rows = {{"", "name", "state", "size", "type", "kind"}};
  for (const json& model : models) {
    rows.push_back({model["chosen"].get<bool>() ? "*" : "", model["name"], model["state"],
                    size_cell(model), model["dtype"].is_string() ? model["dtype"] : json(""),
                    kind_text(model)});
  }
  std::cout << columns(rows);
}

// The tier of what a song would be computed on: some language models are too large for it.
const plan::Tier& tier_here(const CommandCall& call, const ModelsPlace& place) {
  request::Findings findings;
  const plan::Simulation simulation =
      simulation_of(place.settings(), chosen_models(place), findings);
  for (const std::string& warning : findings.warnings) spdlog::warn("{}", warning);
  const plan::Machine machine = this_machine(call.surroundings().cuda);
  return plan::tier_for(plan::choose_device("auto", machine, simulation).tier_gib);
}

void add_allowance(json& model, const plan::Tier& tier) {
  if (model["kind"] != hub::kind_name(hub::ModelKind::kLanguageModel)) return;
  const std::string name = model["name"];
  model["allowed"] = tier.allows(plan::lm_size_of(name));
  model["recommended"] =
      tier.recommended_lm.has_value() && name == plan::lm_name(*tier.recommended_lm);
}

// The size of a simulated card decides which language models are allowed.
std::vector<std::string> fields() {
  std::vector<std::string> names = models_field_names();
  names.push_back("max_vram");
  return names;
}

int run(const CommandCall& call) {
  const ModelsPlace place = models_place(call);
  const plan::Tier& tier = tier_here(call, place);
  const std::vector<std::string> chosen = chosen_names(place);
  json models = json::array();
  for (const hub::LocalModel& model : listed_models(place.checkpoint_dir)) {
    json object = model_json(model);
    object["chosen"] = std::find(chosen.begin(), chosen.end(), model.name) != chosen.end();
    add_allowance(object, tier);
    models.push_back(std::move(object));
  }
  if (place.settings().json) {
    print_json({{"checkpoint_dir", place.checkpoint_dir.string()},
                {"tier", tier.name},
                {"models", models}});
    return 0;
  }
  print_table(models);
  if (!place.settings().quiet) {
    std::cerr << "in " << place.checkpoint_dir.string()
              << "; * makes the next song; acestep models download NAME fetches one\n";
  }
  return 0;
}

}  // namespace

Command models_list_command() {
  return {.name = "models list",
          .summary = "which models there are, here and to be fetched",
          .details =
              "Every published model and every other one in the checkpoint folder: present,\n"
              "incomplete or absent, with its size on disk and number type. A * marks those\n"
              "the next song would be made with. --json adds the tasks, the licence as the\n"
              "model's page declares it, what an incomplete model lacks, and of language models\n"
              "whether this machine's memory tier allows them.",
          .fields = fields(),
          .examples = {{"acestep models list", "a table"},
                       {"acestep models list --json", "everything, for scripts"}},
          .run = run};
}

}  // namespace acestep::cli
