#include "models/qwen3_config.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "util/error.h"

namespace acestep::models {
namespace {

using nlohmann::json;

constexpr int64_t kLargestDimension = int64_t{1} << 24;

// One configuration file with messages that name file and key.
class ConfigFile {
 public:
  explicit ConfigFile(const std::filesystem::path& file) : file_(file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Error(ErrorCode::kInput, file.string() + ": cannot be read");
    content_ = json::parse(in, nullptr, /*allow_exceptions=*/false);
    if (!content_.is_object()) {
      throw Error(ErrorCode::kModel, file.string() + ": is not a JSON object",
                  "The model folder is damaged; fetch it again.");
    }
  }

  [[noreturn]] void reject(const char* key, const std::string& expected) const {
    const std::string found = content_.contains(key) ? content_[key].dump() : "nothing";
    throw Error(ErrorCode::kModel,
                file_.string() + ": '" + key + "' is " + found + ", expected " + expected,
                "The model folder is damaged or holds a model of another kind.");
  }

  int64_t dimension(const char* key) const {
    const auto it = content_.find(key);
    if (it == content_.end() || !it->is_number_integer()) reject(key, "a whole number");
    const auto value = it->get<int64_t>();
    if (value < 1 || value > kLargestDimension) reject(key, "1 … 16777216");
    return value;
  }

  int64_t dimension_or(const char* key, int64_t fallback) const {
    return has(key) ? dimension(key) : fallback;
  }

  double positive_or(const char* key, double fallback) const {
    if (!has(key)) return fallback;
    if (!content_[key].is_number() || !(content_[key].get<double>() > 0)) {
      reject(key, "a positive number");
    }
    return content_[key].get<double>();
  }

  bool truth_or(const char* key, bool fallback) const {
    if (!has(key)) return fallback;
    if (!content_[key].is_boolean()) reject(key, "true or false");
    return content_[key].get<bool>();
  }

  // A key that must be absent, null or equal to `value`.
  void require(const char* key, const json& value) const {
    if (has(key) && content_[key] != value) reject(key, value.dump());
  }

 private:
  bool has(const char* key) const { return content_.contains(key) && !content_[key].is_null(); }

  std::filesystem::path file_;
  json content_;
};

}  // namespace

Qwen3Config read_qwen3_config(const std::filesystem::path& file) {
  const ConfigFile in(file);
  in.require("model_type", "qwen3");
  in.require("hidden_act", "silu");
  in.require("attention_bias", false);
  in.require("use_sliding_window", false);
  in.require("rope_scaling", nullptr);

  Qwen3Config config;
  config.vocab_size = in.dimension("vocab_size");
  config.hidden_size = in.dimension("hidden_size");
  config.intermediate_size = in.dimension("intermediate_size");
  config.layers = in.dimension("num_hidden_layers");
  config.heads = in.dimension("num_attention_heads");
  config.kv_heads = in.dimension_or("num_key_value_heads", config.heads);
  config.head_dim = in.dimension_or("head_dim", config.hidden_size / config.heads);
  config.max_positions = in.dimension_or("max_position_embeddings", 32768);
  config.rms_norm_epsilon = in.positive_or("rms_norm_eps", config.rms_norm_epsilon);
  config.rope_theta = in.positive_or("rope_theta", config.rope_theta);
  config.ties_embeddings = in.truth_or("tie_word_embeddings", false);
  if (config.heads % config.kv_heads != 0) {
    in.reject("num_key_value_heads", "a divisor of num_attention_heads");
  }
  if (config.head_dim % 2 != 0) in.reject("head_dim", "an even number");
  return config;
}

}  // namespace acestep::models
