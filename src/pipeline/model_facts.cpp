#include "pipeline/model_facts.h"

#include <string>
#include <string_view>
#include <utility>

#include "models/dit_config.h"
#include "models/dit_parts.h"
#include "models/oobleck_config.h"
#include "models/qwen3_config.h"
#include "plan/language_model.h"
#include "plan/published_models.h"
#include "plan/transformer.h"
#include "util/error.h"
#include "util/mapped_file.h"
#include "weights/safetensors_source.h"
#include "weights/torch_tensor_layout.h"

namespace acestep::pipeline {
namespace {

using plan::WeightKind;
using plan::WeightTensor;

// What is stored in whole numbers stays so.
WeightTensor sized(const weights::TensorInfo& info, WeightKind kind) {
  WeightTensor tensor{.kind = info.dtype == at::kChar ? WeightKind::kInt8 : kind, .elements = 1};
  for (const int64_t extent : info.shape) tensor.elements *= static_cast<uint64_t>(extent);
  if (!info.shape.empty()) tensor.rows = static_cast<uint64_t>(info.shape.front());
  return tensor;
}

// The scales of weights stored in whole numbers are counted with these: NAME_scale beside NAME.
bool is_scale(const weights::TensorSource& source, std::string_view name) {
  constexpr std::string_view kSuffix = "_scale";
  if (!name.ends_with(kSuffix)) return false;
  const weights::TensorInfo* scaled = source.find(name.substr(0, name.size() - kSuffix.size()));
  return scaled != nullptr && scaled->dtype == at::kChar;
}

bool is_matrix(const weights::TensorInfo& info) { return info.shape.size() == 2; }

plan::TransformerShape shape_of(const models::TransformerSizes& sizes, int64_t head_dim) {
  return {sizes.hidden, sizes.intermediate, sizes.heads, sizes.kv_heads, head_dim};
}

// The gains of a head stand once per head.
uint64_t copies_of(std::string_view name, const plan::TransformerShape& shape) {
  if (name.ends_with("q_norm.weight")) return static_cast<uint64_t>(shape.heads);
  return name.ends_with("k_norm.weight") ? static_cast<uint64_t>(shape.kv_heads) : 1;
}

// Layers may be quantised, the embedding table and the head are not.
plan::QwenFacts read_qwen(const ModelFolder& folder) {
  const models::Qwen3Config config = models::read_qwen3_config(folder.path / "config.json");
  plan::QwenFacts facts;
  facts.shape = {config.hidden_size, config.intermediate_size, config.heads, config.kv_heads,
                 config.head_dim};
  facts.layers = config.layers;
  facts.vocabulary = config.vocab_size;
  const auto source = weights::open_model_folder(folder.path);
  for (const std::string& name : source->names()) {
    if (is_scale(*source, name)) continue;
    const weights::TensorInfo& info = *source->find(name);
    const bool is_linear = is_matrix(info) && name.find("layers.") != std::string::npos;
    WeightTensor tensor = sized(info, is_linear ? WeightKind::kLinear : WeightKind::kPlain);
    tensor.elements *= copies_of(name, facts.shape);
    facts.weights.push_back(tensor);
  }
  return facts;
}

// "decoder.layers.12.mlp.…" -> 12; -1 outside the blocks.
int64_t block_of(std::string_view name) {
  constexpr std::string_view kBlocks = "decoder.layers.";
  if (!name.starts_with(kBlocks)) return -1;
  return std::stoll(std::string(name.substr(kBlocks.size())));
}

WeightKind decoder_kind(std::string_view name, const weights::TensorInfo& info) {
  if (name.ends_with("scale_shift_table")) return WeightKind::kFloat32;
  return is_matrix(info) ? WeightKind::kLinear : WeightKind::kPlain;
}

void read_dit_tensors(const ModelFolder& folder, const models::DitConfig& config,
                      plan::DitFacts& facts) {
  using models::dit_part::kDecoder;
  using models::dit_part::kNullCondition;
  facts.blocks.resize(static_cast<std::size_t>(config.decoder_layers));
  const auto source = weights::open_model_folder(folder.path);
  for (const std::string& name : source->names()) {
    if (is_scale(*source, name)) continue;
    const weights::TensorInfo& info = *source->find(name);
    const bool is_decoder = name.starts_with(std::string(kDecoder) + ".");
    if (!is_decoder && name != kNullCondition) {
      const bool stays_float = config.is_xl && name.starts_with("tokenizer.quantizer.");
      facts.conditioning.push_back(
          sized(info, stays_float ? WeightKind::kFloat32 : WeightKind::kPlain));
      continue;
    }
    const int64_t block = block_of(name);
    plan::WeightTensors& home =
        block < 0 ? facts.outside_blocks : facts.blocks.at(static_cast<std::size_t>(block));
    home.push_back(sized(info, decoder_kind(name, info)));
  }
}

int64_t read_silence_frames(const ModelFolder& folder) {
  const std::filesystem::path file = folder.path / "silence_latent.pt";
  const util::MappedFile mapping(file, ErrorCode::kModel);
  return weights::parse_torch_tensor(mapping.bytes(), file.string()).shape.back();
}

plan::DitFacts read_dit(const ModelFolder& folder) {
  const models::DitConfig config = models::read_dit_config(folder.path);
  plan::DitFacts facts;
  facts.decoder = shape_of(config.decoder, config.head_dim);
  facts.encoder = shape_of(config.encoder, config.head_dim);
  for (const models::AttentionKind kind : config.layer_kinds) {
    facts.is_sliding.push_back(kind == models::AttentionKind::kSliding);
  }
  facts.window = config.sliding_window;
  facts.lyric_layers = config.lyric_layers;
  facts.timbre_layers = config.timbre_layers;
  facts.pooler_layers = config.pooler_layers;
  facts.in_channels = config.in_channels;
  facts.latent_channels = config.latent_channels;
  facts.patch_frames = config.patch_frames;
  facts.text_hidden = config.text_hidden;
  facts.timbre_frames = config.timbre_frames;
  facts.pool_frames = config.pool_frames;
  facts.has_timbre_token = config.is_xl;
  facts.silence_frames = read_silence_frames(folder);
  read_dit_tensors(folder, config, facts);
  return facts;
}

// The decoder climbs the encoder's levels backwards.
std::vector<plan::VaeBlock> decoder_blocks(const models::OobleckConfig& config) {
  std::vector<plan::VaeBlock> blocks;
  for (std::size_t level = config.downsampling_ratios.size(); level-- > 0;) {
    const int64_t narrower = level > 0 ? config.channel_multiples[level - 1] : 1;
    blocks.push_back({config.decoder_channels * config.channel_multiples[level],
                      config.decoder_channels * narrower, config.downsampling_ratios[level]});
  }
  return blocks;
}

std::vector<plan::VaeBlock> encoder_blocks(const models::OobleckConfig& config) {
  std::vector<plan::VaeBlock> blocks;
  int64_t channels = config.encoder_hidden_size;
  for (std::size_t level = 0; level < config.downsampling_ratios.size(); ++level) {
    const int64_t wider = config.encoder_hidden_size * config.channel_multiples[level];
    blocks.push_back({channels, wider, config.downsampling_ratios[level]});
    channels = wider;
  }
  return blocks;
}

// Pairs of length and direction are folded into one tensor of the direction's size.
bool is_folded_away(std::string_view name) {
  return name.ends_with("weight_g") || name.ends_with("parametrizations.weight.original0");
}

}  // namespace

plan::VaeFacts read_vae_facts(const ModelFolder& folder) {
  const models::OobleckConfig config = models::read_oobleck_config(folder.path / "config.json");
  plan::VaeFacts facts{.latent_channels = config.latent_channels(),
                       .audio_channels = config.audio_channels,
                       .blocks = decoder_blocks(config),
                       .encoder_blocks = encoder_blocks(config)};
  const auto source = weights::open_model_folder(folder.path);
  for (const std::string& name : source->names()) {
    if (is_folded_away(name)) continue;
    const bool is_snake = name.ends_with(".alpha") || name.ends_with(".beta");
    plan::WeightTensors& half = name.starts_with("decoder.") ? facts.decoder : facts.encoder;
    half.push_back(
        sized(*source->find(name), is_snake ? WeightKind::kFloat32 : WeightKind::kPlain));
  }
  return facts;
}

plan::SongModels read_model_facts(const ModelFolders& folders) {
  const auto& [dit, lm, text_encoder, vae] = folders;
  plan::SongModels facts{
      .dit = dit.is_present ? read_dit(dit) : plan::published_dit(plan::dit_kind_of(dit.name)),
      .text_encoder =
          text_encoder.is_present ? read_qwen(text_encoder) : plan::published_text_encoder(),
      .vae = vae.is_present ? read_vae_facts(vae) : plan::published_vae()};
  if (folders.uses_lm()) {
    facts.language_model =
        lm.is_present ? read_qwen(lm) : plan::published_language_model(plan::lm_size_of(lm.name));
  }
  return facts;
}

plan::NumberBytes number_bytes(const device::Precision& precision) {
  return {c10::elementSize(precision.weights), c10::elementSize(precision.activations),
          precision.weights == at::kHalf};
}

}  // namespace acestep::pipeline
