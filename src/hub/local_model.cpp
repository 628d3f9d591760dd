#include "hub/local_model.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "request/text.h"
#include "util/error.h"
#include "util/mapped_file.h"
#include "util/strict_json.h"
#include "weights/safetensors.h"
#include "weights/shard_index.h"

namespace acestep::hub {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr char kConfigName[] = "config.json";
constexpr const char* kStems[] = {"model", "diffusion_pytorch_model"};

// Notes a fault and goes on: a list shows every model, broken ones too.
template <typename Action>
void noting(LocalModel& model, Action action) {
  try {
    action();
  } catch (const Error& error) {
    model.problems.push_back(error.message());
  }
}

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

// Links of download caches are followed.
void measure_files(LocalModel& model) {
  std::error_code error;
  for (const auto& item : fs::directory_iterator(model.path, error)) {
    std::error_code item_error;
    if (!item.is_regular_file(item_error)) continue;
    const uint64_t bytes = item.file_size(item_error);
    if (item_error) continue;
    model.disk_bytes += bytes;
    if (item.path().extension() == ".part") model.unfinished_bytes += bytes;
  }
}

std::string family_of_config(const json& config, const std::string& name) {
  const std::string version =
      config.contains("model_version") && config["model_version"].is_string()
          ? config["model_version"].get<std::string>()
          : std::string();
  const auto is_turbo = config.find("is_turbo");
  const bool says_turbo =
      is_turbo != config.end() && is_turbo->is_boolean() && is_turbo->get<bool>();
  const std::string prefix = config.contains("encoder_hidden_size") ? "xl-" : "";
  if (says_turbo) return prefix + "turbo";
  const bool is_sft = family_of_name(version).ends_with("sft") || family_of_name(name) == "sft" ||
                      family_of_name(name) == "xl-sft";
  return prefix + (is_sft ? "sft" : "base");
}

std::optional<ModelKind> kind_of(const json& config, const std::string& name) {
  if (config.value("_class_name", json()) == "AutoencoderOobleck") return ModelKind::kVae;
  const json type = config.value("model_type", json());
  if (type == "acestep") return ModelKind::kDit;
  if (type != "qwen3") return std::nullopt;
  // Both are the same network; the name tells what it was trained for.
  const bool is_embedding = request::to_lower_ascii(name).find("embedding") != std::string::npos;
  return is_embedding ? ModelKind::kTextEncoder : ModelKind::kLanguageModel;
}

void read_config(LocalModel& model) {
  const fs::path file = model.path / kConfigName;
  if (!is_file(file)) {
    model.problems.push_back("config.json is missing");
    return;
  }
  noting(model, [&] {
    const json config = util::read_json_file(file, {}, ErrorCode::kModel);
    if (config.is_object()) model.kind = kind_of(config, model.name);
    if (!model.kind) {
      model.problems.push_back("config.json describes none of the models this program knows");
    } else if (model.kind == ModelKind::kDit) {
      model.family = family_of_config(config, model.name);
    }
  });
}

// The single weight file or the index, whichever the engine would take.
void find_weights(LocalModel& model) {
  for (const char* stem : kStems) {
    const std::string name = std::string(stem) + ".safetensors";
    if (!is_file(model.path / name)) continue;
    model.weights.push_back({name, 0, true});
    return;
  }
  for (const char* stem : kStems) {
    const std::string name = std::string(stem) + ".safetensors.index.json";
    if (!is_file(model.path / name)) continue;
    model.index_file = name;
    noting(model, [&] {
      for (const std::string& shard : weights::read_shard_index(model.path / name).files) {
        model.weights.push_back({shard, 0, is_file(model.path / shard)});
      }
    });
    return;
  }
  model.problems.push_back(
      "weights are missing: neither model.safetensors nor "
      "diffusion_pytorch_model.safetensors nor an index of shards");
}

uint64_t elements_of(const weights::StoredTensor& tensor) {
  return (tensor.end - tensor.begin) / weights::stored_type_bytes(tensor.type);
}

void read_headers(LocalModel& model) {
  for (WeightFile& file : model.weights) {
    noting(model, [&] {
      const fs::path path = model.path / file.name;
      const util::MappedFile mapped(path, ErrorCode::kModel);
      file.bytes = mapped.bytes().size();
      const auto header = weights::parse_safetensors(mapped.bytes(), path.string());
      model.tensors += header.tensors.size();
      for (const weights::StoredTensor& tensor : header.tensors) {
        model.parameters += elements_of(tensor);
        model.parameters_by_type[std::string(weights::stored_type_name(tensor.type))] +=
            elements_of(tensor);
      }
    });
  }
}

void find_companions(LocalModel& model) {
  const auto require = [&](const std::string& name) {
    if (!is_file(model.path / name)) model.problems.push_back(name + " is missing");
  };
  if (model.kind == ModelKind::kDit) require("silence_latent.pt");
  const bool needs_tokenizer =
      model.kind == ModelKind::kLanguageModel || model.kind == ModelKind::kTextEncoder;
  if (!needs_tokenizer || is_file(model.path / "tokenizer.json")) return;
  require("vocab.json");
  require("merges.txt");
}

}  // namespace

std::string_view state_name(ModelState state) {
  switch (state) {
    case ModelState::kAbsent:
      return "absent";
    case ModelState::kIncomplete:
      return "incomplete";
    case ModelState::kPresent:
      return "present";
  }
  return "";
}

std::string LocalModel::types() const {
  std::vector<std::pair<uint64_t, std::string>> by_count;
  for (const auto& [type, count] : parameters_by_type) by_count.emplace_back(count, type);
  std::sort(by_count.rbegin(), by_count.rend());
  std::vector<std::string> names;
  for (const auto& [count, type] : by_count) names.push_back(type);
  return request::join(names, "+");
}

LocalModel look_at_model(const fs::path& folder) {
  LocalModel model;
  // "models/x/" and "models/x/." are named by the same last word.
  model.name = (fs::absolute(folder) / "").lexically_normal().parent_path().filename().string();
  model.path = folder;
  std::error_code error;
  if (!fs::is_directory(folder, error)) return model;
  measure_files(model);
  read_config(model);
  find_weights(model);
  read_headers(model);
  find_companions(model);
  model.state = model.problems.empty() ? ModelState::kPresent : ModelState::kIncomplete;
  return model;
}

std::vector<LocalModel> find_local_models(const fs::path& checkpoint_dir) {
  std::vector<LocalModel> models;
  std::error_code error;
  for (const auto& item : fs::directory_iterator(checkpoint_dir, error)) {
    std::error_code item_error;
    if (!item.is_directory(item_error)) continue;
    LocalModel model = look_at_model(item.path());
    const bool has_anything = !model.weights.empty() || model.kind || model.unfinished_bytes > 0 ||
                              find_known(model.name);
    if (has_anything) models.push_back(std::move(model));
  }
  std::sort(models.begin(), models.end(),
            [](const LocalModel& a, const LocalModel& b) { return a.name < b.name; });
  return models;
}

}  // namespace acestep::hub
