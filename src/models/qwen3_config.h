// The shape of a Qwen3 transformer, read from its folder's config.json.
#pragma once

#include <cstdint>
#include <filesystem>

namespace acestep::models {

struct Qwen3Config {
  int64_t vocab_size = 0;
  int64_t hidden_size = 0;
  int64_t intermediate_size = 0;
  int64_t layers = 0;
  int64_t heads = 0;     // query heads
  int64_t kv_heads = 0;  // divides heads
  int64_t head_dim = 0;  // heads · head_dim need not be hidden_size
  int64_t max_positions = 0;
  double rms_norm_epsilon = 1e-6;
  double rope_theta = 1e6;
  bool ties_embeddings = true;  // the output head is the embedding table
};

// Reads and validates `file`. Throws Error kModel when it cannot be read, and naming file and key
// when a value is missing, out of range or asks for something other than a plain Qwen3 (attention
// biases, scaled rope, sliding windows, another activation).
Qwen3Config read_qwen3_config(const std::filesystem::path& file);

}  // namespace acestep::models
