#include "models/dit_config.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "util/config_reader.h"

namespace acestep::models {
namespace {

using util::ConfigReader;

// Far above every published model; low enough that no product of two overflows.
constexpr int64_t kMaxWidth = 1 << 16;
constexpr int64_t kMaxHeads = 1 << 10;
constexpr int64_t kMaxLayers = 1 << 10;
constexpr int64_t kMaxFrames = 1 << 16;
constexpr int64_t kMaxFsqDigits = 16;
constexpr int64_t kMaxFsqLevel = 64;
constexpr int64_t kMaxCodebookEntries = int64_t{1} << 31;

// `prefix` is "encoder_" for the sizes that XL files give to their encoders.
TransformerSizes read_sizes(const ConfigReader& in, const std::string& prefix) {
  TransformerSizes sizes;
  sizes.hidden = in.integer(prefix + "hidden_size", 1, kMaxWidth);
  sizes.intermediate = in.integer(prefix + "intermediate_size", 1, kMaxWidth);
  sizes.heads = in.integer(prefix + "num_attention_heads", 1, kMaxHeads);
  const std::string kv_key = prefix + "num_key_value_heads";
  sizes.kv_heads = in.integer_or(kv_key, sizes.heads, 1, kMaxHeads);
  if (sizes.heads % sizes.kv_heads != 0) {
    in.refuse(kv_key, "expected a divisor of " + prefix + "num_attention_heads (" +
                          std::to_string(sizes.heads) + ")");
  }
  return sizes;
}

// Sliding and full alternate where the file says nothing (reference: configuration_acestep_v15.py).
std::vector<AttentionKind> read_layer_kinds(const ConfigReader& in, int64_t layer_count) {
  std::vector<AttentionKind> kinds;
  if (!in.has("layer_types")) {
    for (int64_t i = 0; i < layer_count; ++i) {
      kinds.push_back(i % 2 == 0 ? AttentionKind::kSliding : AttentionKind::kFull);
    }
    return kinds;
  }
  for (const std::string& name : in.strings("layer_types", kMaxLayers)) {
    if (name != "sliding_attention" && name != "full_attention") {
      in.refuse("layer_types", "expected only sliding_attention and full_attention");
    }
    kinds.push_back(name == "sliding_attention" ? AttentionKind::kSliding : AttentionKind::kFull);
  }
  if (static_cast<int64_t>(kinds.size()) != layer_count) {
    in.refuse("layer_types",
              "expected num_hidden_layers (" + std::to_string(layer_count) + ") entries");
  }
  return kinds;
}

void read_layers(const ConfigReader& in, DitConfig& config) {
  config.decoder_layers = in.integer("num_hidden_layers", 1, kMaxLayers);
  config.layer_kinds = read_layer_kinds(in, config.decoder_layers);
  // Encoders take their layers' kinds from the same list.
  const auto count = [&](const char* key, int64_t fallback) {
    return in.integer_or(key, fallback, 1, config.decoder_layers);
  };
  config.lyric_layers = count("num_lyric_encoder_hidden_layers", config.lyric_layers);
  config.timbre_layers = count("num_timbre_encoder_hidden_layers", config.timbre_layers);
  config.pooler_layers = count("num_attention_pooler_hidden_layers", config.pooler_layers);
  config.sliding_window.reset();
  if (in.boolean_or("use_sliding_window", true)) {
    config.sliding_window = in.integer_or("sliding_window", 128, 1, kMaxFrames);
  }
}

void read_attention(const ConfigReader& in, DitConfig& config) {
  config.head_dim = in.integer_or("head_dim", config.head_dim, 2, kMaxWidth);
  if (config.head_dim % 2 != 0) in.refuse("head_dim", "expected an even number");
  config.rms_norm_epsilon = in.number_or("rms_norm_eps", config.rms_norm_epsilon, 1e-12, 1e-2);
  config.rope_theta = in.number_or("rope_theta", config.rope_theta, 1.0, 1e12);
  config.has_attention_bias = in.boolean_or("attention_bias", false);
  if (in.string_or("hidden_act", "silu") != "silu") in.refuse("hidden_act", "expected silu");
  if (in.has("rope_scaling")) in.refuse("rope_scaling", "expected null");
}

void read_channels(const ConfigReader& in, DitConfig& config) {
  const auto width = [&](const char* key, int64_t fallback) {
    return in.integer_or(key, fallback, 1, kMaxWidth);
  };
  config.in_channels = width("in_channels", config.in_channels);
  config.latent_channels = width("audio_acoustic_hidden_dim", config.latent_channels);
  if (config.in_channels <= config.latent_channels) {
    in.refuse("in_channels", "expected more than audio_acoustic_hidden_dim (" +
                                 std::to_string(config.latent_channels) + ")");
  }
  config.text_hidden = width("text_hidden_dim", config.text_hidden);
  config.timbre_hidden = width("timbre_hidden_dim", config.timbre_hidden);
  config.patch_frames = in.integer_or("patch_size", config.patch_frames, 1, kMaxFrames);
  config.timbre_frames = in.integer_or("timbre_fix_frame", config.timbre_frames, 1, kMaxFrames);
  config.pool_frames = in.integer_or("pool_window_size", config.pool_frames, 1, kMaxFrames);
}

// What the decoder has of the published 2B models' heads.
std::vector<LayerHeads> usual_lyric_heads(const DitConfig& config) {
  const std::vector<LayerHeads> published = {
      {2, {6}}, {3, {10, 11}}, {4, {3}}, {5, {8, 9}}, {6, {8}}};
  std::vector<LayerHeads> usual;
  for (LayerHeads there : published) {
    std::erase_if(there.heads, [&](int64_t head) { return head >= config.decoder.heads; });
    if (there.layer < config.decoder_layers && !there.heads.empty()) usual.push_back(there);
  }
  return usual;
}

// {"2": [6], "3": [10, 11]}: heads by layer. In the order of layers.
void read_lyric_heads(const ConfigReader& in, DitConfig& config) {
  constexpr const char* kKey = "lyric_alignment_layers_config";
  if (!in.has(kKey)) {
    if (!config.is_xl) config.lyric_heads = usual_lyric_heads(config);
    return;
  }
  const int64_t last_head = config.decoder.heads - 1;
  const auto listed = in.indexed_integers(kKey, config.decoder_layers - 1, 0, last_head);
  for (const auto& [layer, heads] : listed) config.lyric_heads.push_back({layer, heads});
}

void read_quantizer(const ConfigReader& in, DitConfig& config) {
  config.fsq_hidden = in.integer_or("fsq_dim", config.fsq_hidden, 1, kMaxWidth);
  if (config.fsq_hidden != config.encoder.hidden) {
    in.refuse("fsq_dim",
              "expected the encoders' hidden size (" + std::to_string(config.encoder.hidden) + ")");
  }
  if (in.has("fsq_input_levels")) {
    config.fsq_levels = in.integers("fsq_input_levels", 2, kMaxFsqLevel, kMaxFsqDigits);
  }
  int64_t entries = 1;
  for (const int64_t level : config.fsq_levels) {
    entries *= level;
    if (entries > kMaxCodebookEntries)
      in.refuse("fsq_input_levels", "expected a product below 2^31");
  }
  in.integer_or("fsq_input_num_quantizers", 1, 1, 1);
}

}  // namespace

int64_t DitConfig::codebook_entries() const {
  return std::accumulate(fsq_levels.begin(), fsq_levels.end(), int64_t{1}, std::multiplies<>());
}

nn::AttentionShape DitConfig::attention_shape(const TransformerSizes& sizes) const {
  return {.hidden = sizes.hidden,
          .heads = sizes.heads,
          .kv_heads = sizes.kv_heads,
          .head_dim = head_dim,
          .norm_epsilon = rms_norm_epsilon,
          .bias = has_attention_bias ? nn::Bias::kPresent : nn::Bias::kNone};
}

DitConfig read_dit_config(const std::filesystem::path& folder) {
  const ConfigReader in(folder / "config.json");
  DitConfig config;
  config.is_xl = in.has("encoder_hidden_size");
  config.decoder = read_sizes(in, "");
  config.encoder = config.is_xl ? read_sizes(in, "encoder_") : config.decoder;
  config.is_turbo = in.boolean_or("is_turbo", false);
  config.is_lego_sft = in.boolean_or("is_lego_sft", false);
  config.version = in.string_or("model_version", "");
  read_attention(in, config);
  read_layers(in, config);
  read_channels(in, config);
  read_quantizer(in, config);
  read_lyric_heads(in, config);
  return config;
}

}  // namespace acestep::models
