#include "models/qwen3_config.h"

#include <limits>
#include <string_view>

#include "util/config_reader.h"

namespace acestep::models {
namespace {

constexpr int64_t kLargestVocabulary = int64_t{1} << 24;
constexpr int64_t kLargestWidth = int64_t{1} << 17;
constexpr int64_t kMostLayers = 1024;
constexpr double kLargestTheta = 1e12;

void require_false(const util::ConfigReader& in, std::string_view key) {
  if (in.boolean_or(key, false)) in.refuse(key, "expected false");
}

// Variants of the architecture that this stack does not compute.
void require_plain_qwen3(const util::ConfigReader& in) {
  if (in.string_or("model_type", "qwen3") != "qwen3") in.refuse("model_type", "expected qwen3");
  if (in.string_or("hidden_act", "silu") != "silu") in.refuse("hidden_act", "expected silu");
  require_false(in, "attention_bias");
  require_false(in, "use_sliding_window");
  if (in.has("rope_scaling")) in.refuse("rope_scaling", "expected null");
}

}  // namespace

Qwen3Config read_qwen3_config(const std::filesystem::path& file) {
  const util::ConfigReader in(file);
  require_plain_qwen3(in);
  Qwen3Config config;
  config.vocab_size = in.integer("vocab_size", 1, kLargestVocabulary);
  config.hidden_size = in.integer("hidden_size", 1, kLargestWidth);
  config.intermediate_size = in.integer("intermediate_size", 1, kLargestWidth);
  config.layers = in.integer("num_hidden_layers", 1, kMostLayers);
  config.heads = in.integer("num_attention_heads", 1, kLargestWidth);
  config.kv_heads = in.integer_or("num_key_value_heads", config.heads, 1, config.heads);
  config.head_dim = in.integer("head_dim", 2, kLargestWidth);
  config.max_positions = in.integer("max_position_embeddings", 1, kLargestVocabulary);
  config.rms_norm_epsilon =
      in.number("rms_norm_eps", std::numeric_limits<double>::min(), /*max=*/1.0);
  config.rope_theta = in.number("rope_theta", 1.0, kLargestTheta);
  config.ties_embeddings = in.boolean_or("tie_word_embeddings", false);
  if (config.heads % config.kv_heads != 0) {
    in.refuse("num_key_value_heads", "expected a divisor of num_attention_heads");
  }
  if (config.head_dim % 2 != 0) in.refuse("head_dim", "expected an even number");
  return config;
}

}  // namespace acestep::models
