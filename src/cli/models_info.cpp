#include <iostream>

#include "cli/models_commands.h"
#include "cli/models_place.h"
#include "hub/size_text.h"
#include "pipeline/model_check.h"
#include "request/text.h"
#include "util/error.h"
#include "util/strict_json.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

// What people ask of a model's configuration; whichever of these it has.
constexpr const char* kFacts[] = {"model_version",
                                  "is_turbo",
                                  "num_hidden_layers",
                                  "hidden_size",
                                  "intermediate_size",
                                  "num_attention_heads",
                                  "num_key_value_heads",
                                  "head_dim",
                                  "encoder_hidden_size",
                                  "vocab_size",
                                  "max_position_embeddings",
                                  "sliding_window",
                                  "in_channels",
                                  "text_hidden_dim",
                                  "fsq_input_levels",
                                  "decoder_channels",
                                  "decoder_input_channels",
                                  "channel_multiples",
                                  "downsampling_ratios",
                                  "audio_channels",
                                  "sampling_rate"};

json config_facts(const hub::LocalModel& model) {
  json facts = json::object();
  std::error_code error;
  const auto file = model.path / "config.json";
  if (!model.kind || !std::filesystem::is_regular_file(file, error)) return facts;
  const json config = util::read_json_file(file, {}, ErrorCode::kModel);
  for (const char* key : kFacts) {
    if (config.contains(key) && !config[key].is_null()) facts[key] = config[key];
  }
  return facts;
}

// What the engine would say to its tensors; empty: they fit.
std::string misfits(const hub::LocalModel& model) {
  if (model.state != hub::ModelState::kPresent || !model.kind) return {};
  try {
    pipeline::check_model(*model.kind, model.path);
  } catch (const Error& error) {  // a fact to show, not a failure of this command
    return error.message();
  }
  return {};
}

void add_row(std::vector<std::vector<std::string>>& rows, const std::string& name,
             const json& value) {
  if (value.is_null() || value == "") return;
  rows.push_back({name, value.is_string() ? value.get<std::string>() : value.dump()});
}

std::string weights_text(const hub::LocalModel& model) {
  std::string text =
      std::to_string(model.weights.size()) + (model.weights.size() == 1 ? " file" : " shards");
  for (const hub::WeightFile& file : model.weights) {
    text += file.is_there ? "" : ", " + file.name + " is missing";
  }
  return text;
}

std::vector<std::vector<std::string>> rows_of(const hub::LocalModel& model, const json& object) {
  std::vector<std::vector<std::string>> rows;
  for (const char* key : {"name", "state", "path", "kind", "family", "repo", "licence", "note"}) {
    add_row(rows, key, object.value(key, json()));
  }
  if (object.contains("tasks")) {
    add_row(rows, "tasks", request::join(object["tasks"].get<std::vector<std::string>>(), ", "));
  }
  if (model.state == hub::ModelState::kAbsent) {
    add_row(rows, "size", "about " + hub::size_text(object["about_bytes"].get<uint64_t>()));
    return rows;
  }
  add_row(rows, "size", hub::size_text(model.disk_bytes));
  add_row(rows, "weights", weights_text(model));
  add_row(rows, "tensors", model.tensors);
  add_row(rows, "parameters", model.parameters);
  for (const auto& [type, count] : model.parameters_by_type) {
    add_row(rows, "as " + type, count);
  }
  for (const auto& [key, value] : object["config"].items()) add_row(rows, key, value);
  for (const std::string& problem : model.problems) add_row(rows, "problem", problem);
  add_row(rows, "misfits", object.value("misfits", json()));
  return rows;
}

int run(const CommandCall& call) {
  const ModelsPlace place = models_place(call);
  const hub::LocalModel model = named_model(call.argument(0), place.checkpoint_dir);
  json object = model_json(model);
  object["config"] = config_facts(model);
  const std::string problem = misfits(model);
  object["misfits"] = problem.empty() ? json() : json(problem);
  if (place.settings().json) {
    print_json(object);
  } else {
    std::cout << columns(rows_of(model, object));
  }
  return 0;
}

}  // namespace

Command models_info_command() {
  return {.name = "models info",
          .summary = "what a model consists of",
          .details =
              "Its configuration, weight files, number of tensors and parameters, number\n"
              "types, and what does not fit the engine. Reads headers only.",
          .arguments = {{"NAME", "a name in the checkpoint folder, or a model folder's path"}},
          .fields = model_field_names(),
          .examples = {{"acestep models info acestep-v15-turbo", "by name"},
                       {"acestep models info ./checkpoints/vae --json", "by path, for scripts"}},
          .run = run};
}

}  // namespace acestep::cli
