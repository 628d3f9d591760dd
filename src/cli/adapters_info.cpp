#include <iostream>

#include "adapters/merged_source.h"
#include "cli/adapter_choices.h"
#include "cli/adapters_commands.h"
#include "cli/adapters_facts.h"
#include "cli/models_place.h"
#include "hub/size_text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

json changes_json(const adapters::Adapter& adapter) {
  json list = json::array();
  for (const adapters::ModuleChange& change : adapter.changes()) {
    list.push_back({{"module", change.name},
                    {"rank", change.rank == 0 ? json() : json(change.rank)},
                    {"factor", change.factor},
                    {"rows", change.rows},
                    {"row_length", change.row_length}});
  }
  return list;
}

// Does it fit the model a song would be made with? A fact to show, not a failure of this command.
void add_fit(json& facts, const std::filesystem::path& path, const pipeline::ModelFolder& dit) {
  facts["model"] = dit.is_present ? json(dit.name) : json();
  facts["fits"] = nullptr;
  facts["misfit"] = nullptr;
  if (!dit.is_present) return;
  try {
    adapters::open_merged(dit.path, {{path, 1.0}});
    facts["fits"] = true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInput) throw;
    facts["fits"] = false;
    facts["misfit"] = error.message();
  }
}

std::vector<std::vector<std::string>> rows_of(const json& facts) {
  std::vector<std::vector<std::string>> rows;
  for (const char* key : {"name", "weights", "config", "method", "ranks", "dtype", "digest"}) {
    if (!facts[key].is_null()) rows.push_back({key, facts[key].get<std::string>()});
  }
  rows.push_back({"size", hub::size_text(facts["bytes"].get<uint64_t>())});
  rows.push_back({"parameters", facts["parameters"].dump()});
  rows.push_back({"changes", std::to_string(facts["changes"].size()) + " weights"});
  if (facts["fits"] == true) rows.push_back({"fits", facts["model"].get<std::string>()});
  if (facts["fits"] == false) rows.push_back({"misfit", facts["misfit"].get<std::string>()});
  return rows;
}

int run(const CommandCall& call) {
  const ModelsPlace place = models_place(call);
  const auto path = adapters::find_adapter(call.argument(0), adapter_folder(place.settings()));
  const adapters::Adapter adapter(path);
  json facts = adapter_json(adapter);
  facts["changes"] = changes_json(adapter);
  add_fit(facts, path, chosen_models(place).dit);
  if (place.settings().json) {
    print_json(facts);
  } else {
    std::cout << columns(rows_of(facts));
  }
  return 0;
}

}  // namespace

Command adapters_info_command() {
  std::vector<std::string> fields = model_field_names();
  fields.emplace_back("adapter_dir");
  return {.name = "adapters info",
          .summary = "what an adapter consists of, and whether it fits the model",
          .details =
              "Its files, method, ranks and number types, the weights it changes (--json lists\n"
              "them) and what does not fit the diffusion model that --model names. Reads headers\n"
              "only, and the file once for its digest.",
          .arguments = {{"ADAPTER", "a file, a folder or a name in adapter_dir"}},
          .fields = std::move(fields),
          .examples = {{"acestep adapters info lora_output/final", "of the reference's trainer"},
                       {"acestep adapters info singer.safetensors -m acestep-v15-xl-turbo --json",
                        "does it fit XL?"}},
          .run = run};
}

}  // namespace acestep::cli
