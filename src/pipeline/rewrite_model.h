// Writes a model folder anew with other weights: whole or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "hub/local_model.h"
#include "util/atomic_file.h"
#include "util/stop_token.h"
#include "weights/safetensors_writer.h"

namespace acestep::pipeline {

// What differs from the model it is made of.
struct NewWeights {
  std::vector<weights::TensorShape> tensors;
  weights::BytesOf bytes_of;  // asked for one tensor at a time
  std::function<void(nlohmann::json& config)> edit_config;
  std::string origin;  // "converted from NAME", for the folder's record of digests
};

// The folder to write. An existing one is replaced only by request, and only if it holds a model.
struct RewriteTarget {
  std::filesystem::path folder;
  util::Existing existing = util::Existing::kRefuse;
};

// Proves that `from` holds a model that fits the engine (model_check.h). Throws Error kModel.
hub::LocalModel look_at_sound_model(const std::filesystem::path& from);

// The same, and that `to` may be written. Throws Error kModel or kOutput.
hub::LocalModel look_before_rewriting(const std::filesystem::path& from, const RewriteTarget& to);

// Writes all weights into one file, copies the model's other files, edits config.json, proves the
// result and records its digests. Told which bytes are needed first: Error kOutput when the disk
// has no room for them. Returns the bytes of the weight file.
uint64_t rewrite_model(const hub::LocalModel& from, const RewriteTarget& to, NewWeights made,
                       const util::StopToken& stop);

}  // namespace acestep::pipeline
