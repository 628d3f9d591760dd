// A complete checkpoint folder of the published layout that fits in a few megabytes: its songs are
// noise, but every part of the program runs on it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "tiny/tiny_dit.h"
#include "tiny/transformer_plan.h"

namespace acestep::tiny {

// Raised whenever the written files change, so that cached folders are made anew.
inline constexpr int kTinyVersion = 3;

// Writes acestep-v15-turbo, -base, -sft and -xl-turbo, acestep-5Hz-lm-0.6B, Qwen3-Embedding-0.6B
// and vae below `folder`, which must be absent or empty. The bytes depend on the seed only. Throws
// Error kOutput.
void write_tiny_models(const std::filesystem::path& folder, uint64_t seed);

struct ModelSizes {
  std::vector<DitSizes> dits = tiny_dits();
  TransformerSizes text_encoder = {};
  int64_t text_encoder_layers = 2;
};

// Weights in the published models' proportions to one another, a hundred and twenty times smaller:
// on a card that much smaller they meet the limits that the published ones meet. turbo alone.
ModelSizes proportioned_sizes();

// The same folders with models of other sizes.
void write_models(const std::filesystem::path& folder, uint64_t seed, const ModelSizes& sizes);

}  // namespace acestep::tiny
