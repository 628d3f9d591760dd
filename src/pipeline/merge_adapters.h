// Writes a model folder anew with adapters merged into its weights.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "adapters/adapter_choice.h"
#include "pipeline/rewrite_model.h"
#include "util/stop_token.h"

namespace acestep::pipeline {

struct Merging {
  std::filesystem::path from;  // a folder of a diffusion transformer
  std::vector<adapters::AdapterChoice> adapters;
};

struct MergedModel {
  uint64_t tensors = 0;
  uint64_t bytes = 0;  // of the weight file
};

// Told after every tensor.
using MergeProgress = std::function<void(uint64_t done, uint64_t of)>;

// The new folder holds the weights that loading `from` with the adapters would give, so that songs
// made with it are those made with them; config.json names the adapters. One weight is in memory at
// a time. Throws Error kModel for other models, and what adapters/merged_source.h and
// rewrite_model.h say.
MergedModel merge_adapters(const Merging& merging, const RewriteTarget& to,
                           const MergeProgress& progress, const util::StopToken& stop);

}  // namespace acestep::pipeline
