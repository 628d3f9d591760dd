#include "plan/published_models.h"

#include <utility>

namespace acestep::plan {
namespace {

// Dimensions: the published config.json files.
constexpr TransformerShape kSmall = {
    .hidden = 2048, .intermediate = 6144, .heads = 16, .kv_heads = 8, .head_dim = 128};
constexpr TransformerShape kWide = {
    .hidden = 2560, .intermediate = 9728, .heads = 32, .kv_heads = 8, .head_dim = 128};
constexpr int64_t kTextHidden = 1024;
constexpr int64_t kTimeFeatures = 256;
constexpr int64_t kModulations = 6;
constexpr int64_t kSilenceFrames = 15000;  // 600 s
constexpr int64_t kCodeDigits = 6;

// Lists tensors by their shapes.
class TensorList {
 public:
  void linear(int64_t out, int64_t in) { add(WeightKind::kLinear, out, in); }
  void plain(int64_t rows, int64_t columns = 1) { add(WeightKind::kPlain, rows, columns); }
  void floats(int64_t numbers) { add(WeightKind::kFloat32, numbers, 1); }

  void attention(const TransformerShape& shape) {
    const int64_t width = shape.heads * shape.head_dim;
    const int64_t kv_width = shape.kv_heads * shape.head_dim;
    linear(width, shape.hidden);
    linear(kv_width, shape.hidden);
    linear(kv_width, shape.hidden);
    linear(shape.hidden, width);
    plain(shape.head_dim);
    plain(shape.head_dim);
  }
  void feed_forward(const TransformerShape& shape) {
    linear(shape.intermediate, shape.hidden);
    linear(shape.intermediate, shape.hidden);
    linear(shape.hidden, shape.intermediate);
  }
  // Two norms, attention and feed-forward, `layers` times, and a last norm.
  void layers(const TransformerShape& shape, int64_t layers) {
    for (int64_t i = 0; i < layers; ++i) {
      attention(shape);
      feed_forward(shape);
      plain(shape.hidden);
      plain(shape.hidden);
    }
    plain(shape.hidden);
  }

  WeightTensors take() { return std::move(tensors_); }
  // With nothing that may be quantised.
  WeightTensors take_plain() {
    for (WeightTensor& tensor : tensors_) {
      if (tensor.kind == WeightKind::kLinear) tensor.kind = WeightKind::kPlain;
    }
    return take();
  }

 private:
  void add(WeightKind kind, int64_t rows, int64_t columns) {
    tensors_.push_back({kind, static_cast<uint64_t>(rows * columns), static_cast<uint64_t>(rows)});
  }

  WeightTensors tensors_;
};

WeightTensors dit_block(const TransformerShape& shape) {
  TensorList list;
  list.attention(shape);
  list.attention(shape);
  list.feed_forward(shape);
  for (int norm = 0; norm < 3; ++norm) list.plain(shape.hidden);
  list.floats(kModulations * shape.hidden);
  return list.take();
}

WeightTensors outside_blocks(const DitFacts& dit) {
  const int64_t hidden = dit.decoder.hidden;
  TensorList list;
  list.plain(hidden, dit.in_channels * dit.patch_frames);
  list.plain(hidden, dit.latent_channels * dit.patch_frames);
  for (int embedding = 0; embedding < 2; ++embedding) {
    list.linear(hidden, kTimeFeatures);
    list.linear(hidden, hidden);
    list.linear(kModulations * hidden, hidden);
    list.plain((kModulations + 2) * hidden);
  }
  list.linear(hidden, dit.encoder.hidden);
  list.plain(3 * hidden + dit.latent_channels);
  list.floats(2 * hidden);
  list.plain(dit.encoder.hidden);
  return list.take();
}

// Condition encoder, tokenizer and detokenizer, their biases and tokens summed up.
WeightTensors conditioning(const DitFacts& dit) {
  const int64_t hidden = dit.encoder.hidden;
  TensorList list;
  list.plain(hidden, kTextHidden);
  list.plain(hidden, kTextHidden);
  list.plain(hidden, dit.latent_channels);
  list.layers(dit.encoder, dit.lyric_layers);
  list.layers(dit.encoder, dit.timbre_layers);
  list.plain(hidden, dit.latent_channels);
  for (int part = 0; part < 2; ++part) {
    list.plain(hidden, hidden);
    list.layers(dit.encoder, dit.pooler_layers);
  }
  list.plain(hidden, 2 * kCodeDigits);
  list.plain(hidden, dit.latent_channels);
  list.plain(hidden, 16);
  return list.take_plain();
}

QwenFacts qwen(const TransformerShape& shape, int64_t layers, int64_t vocabulary) {
  TensorList list;
  list.plain(vocabulary, shape.hidden);
  list.layers(shape, layers);
  return {shape, layers, vocabulary, list.take()};
}

constexpr int64_t kKernel = 7;  // of the VAE's long convolutions

void add_residual_units(TensorList& list, int64_t channels) {
  constexpr int kUnits = 3;
  for (int unit = 0; unit < kUnits; ++unit) {
    list.plain(channels, channels * kKernel + 1);
    list.plain(channels, channels + 1);
    list.floats(4 * channels);
  }
}

WeightTensors vae_encoder(const VaeFacts& vae) {
  constexpr int64_t kLastKernel = 3;
  TensorList list;
  list.plain(vae.encoder_blocks.front().in_channels, vae.audio_channels * kKernel + 1);
  for (const VaeBlock& block : vae.encoder_blocks) {
    add_residual_units(list, block.in_channels);
    list.floats(2 * block.in_channels);
    list.plain(block.out_channels, block.in_channels * 2 * block.stride + 1);
  }
  const int64_t last = vae.encoder_blocks.back().out_channels;
  list.floats(2 * last);
  list.plain(2 * vae.latent_channels, last * kLastKernel + 1);
  return list.take();
}

}  // namespace

DitFacts published_dit(const DitKind& kind) {
  const int64_t layers = kind.is_xl ? 32 : 24;
  DitFacts dit{.decoder = kind.is_xl ? kWide : kSmall,
               .encoder = kSmall,
               .window = 128,
               .lyric_layers = 8,
               .timbre_layers = 4,
               .pooler_layers = 2,
               .in_channels = 192,
               .latent_channels = 64,
               .patch_frames = 2,
               .text_hidden = kTextHidden,
               .timbre_frames = 750,
               .pool_frames = 5,
               .silence_frames = kSilenceFrames,
               .has_timbre_token = kind.is_xl};
  for (int64_t i = 0; i < layers; ++i) {
    dit.is_sliding.push_back(i % 2 == 0);
    dit.blocks.push_back(dit_block(dit.decoder));
  }
  dit.outside_blocks = outside_blocks(dit);
  dit.conditioning = conditioning(dit);
  return dit;
}

QwenFacts published_text_encoder() {
  return qwen({.hidden = 1024, .intermediate = 3072, .heads = 16, .kv_heads = 8, .head_dim = 128},
              28, 151669);
}

QwenFacts published_language_model(LmSize size) {
  constexpr int64_t kVocabulary = 217204;
  switch (size) {
    case LmSize::k0_6B:
      return qwen(
          {.hidden = 1024, .intermediate = 3072, .heads = 16, .kv_heads = 8, .head_dim = 128}, 28,
          kVocabulary);
    case LmSize::k1_7B:
      return qwen(kSmall, 28, kVocabulary);
    case LmSize::k4B:
      break;
  }
  return qwen(kWide, 36, kVocabulary);
}

VaeFacts published_vae() {
  VaeFacts vae{
      .latent_channels = 64,
      .audio_channels = 2,
      .blocks = {{2048, 1024, 10}, {1024, 512, 6}, {512, 256, 4}, {256, 128, 4}, {128, 128, 2}},
      .encoder_blocks = {
          {128, 128, 2}, {128, 256, 4}, {256, 512, 4}, {512, 1024, 6}, {1024, 2048, 10}}};
  vae.encoder = vae_encoder(vae);
  TensorList list;
  list.plain(vae.blocks.front().in_channels, vae.latent_channels * kKernel + 1);
  for (const VaeBlock& block : vae.blocks) {
    list.floats(2 * block.in_channels);
    list.plain(block.in_channels, block.out_channels * 2 * block.stride);
    list.plain(block.out_channels);
    add_residual_units(list, block.out_channels);
  }
  const int64_t last = vae.blocks.back().out_channels;
  list.floats(2 * last);
  list.plain(vae.audio_channels, last * kKernel);
  vae.decoder = list.take();
  return vae;
}

SongModels published_models(const DitKind& kind, const std::optional<LmSize>& language_model) {
  SongModels models{
      .dit = published_dit(kind), .text_encoder = published_text_encoder(), .vae = published_vae()};
  if (language_model) models.language_model = published_language_model(*language_model);
  return models;
}

}  // namespace acestep::plan
