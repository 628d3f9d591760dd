// What lies in a model's folder, told from its files alone: state, sizes, number types, gaps.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hub/catalogue.h"

namespace acestep::hub {

enum class ModelState { kAbsent, kIncomplete, kPresent };

// "absent", "incomplete", "present".
std::string_view state_name(ModelState state);

struct WeightFile {
  std::string name;
  uint64_t bytes = 0;
  bool is_there = false;
};

struct LocalModel {
  std::string name;  // of the folder
  std::filesystem::path path;
  ModelState state = ModelState::kAbsent;
  std::optional<ModelKind> kind;    // absent: config.json does not say
  std::string family;               // of a DiT: "turbo", "xl-base", …
  uint64_t disk_bytes = 0;          // of all files in the folder
  uint64_t unfinished_bytes = 0;    // of downloads that were stopped
  std::vector<WeightFile> weights;  // the one file, or the shards that the index lists
  std::string index_file;           // of shards; else empty
  uint64_t tensors = 0;
  uint64_t parameters = 0;
  std::map<std::string, uint64_t> parameters_by_type;  // "BF16" and its number of parameters
  std::vector<std::string> problems;                   // what is missing or broken, one line each

  // "BF16"; "BF16+F32" with the most frequent first; empty without weights.
  std::string types() const;
};

// Reads config.json, the shard index and the headers of the weight files; what is wrong with them
// becomes a problem. Never throws for what a folder holds or lacks.
LocalModel look_at_model(const std::filesystem::path& folder);

// The folders below `checkpoint_dir` that hold a model or a part of one, by name.
std::vector<LocalModel> find_local_models(const std::filesystem::path& checkpoint_dir);

}  // namespace acestep::hub
