// What a song's models are made of, as far as memory is concerned: their dimensions and the sizes
// of their tensors.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace acestep::plan {

// How a stored tensor may be held on a device.
enum class WeightKind {
  kLinear,   // of a linear layer: in the run's number type, or quantised
  kInt8,     // of a linear layer, stored as whole numbers and never widened
  kPlain,    // in the run's number type
  kFloat32,  // whatever the number type
};

struct WeightTensor {
  WeightKind kind = WeightKind::kPlain;
  uint64_t elements = 0;
  uint64_t rows = 0;  // of kLinear and kInt8: quantised rows have a scale each
};

using WeightTensors = std::vector<WeightTensor>;

struct TransformerShape {
  int64_t hidden = 0;
  int64_t intermediate = 0;
  int64_t heads = 0;
  int64_t kv_heads = 0;
  int64_t head_dim = 0;
};

// A Qwen3: the language model or the text encoder.
struct QwenFacts {
  TransformerShape shape = {};
  int64_t layers = 0;
  int64_t vocabulary = 0;
  WeightTensors weights = {};
};

struct DitFacts {
  TransformerShape decoder = {};
  TransformerShape encoder = {};       // of conditions, tokenizer and detokenizer
  std::vector<bool> is_sliding = {};   // per layer, in the decoder and in every encoder alike
  std::optional<int64_t> window = {};  // positions that a sliding layer reaches on either side
  int64_t lyric_layers = 0;
  int64_t timbre_layers = 0;
  int64_t pooler_layers = 0;
  int64_t in_channels = 0;
  int64_t latent_channels = 0;
  int64_t patch_frames = 0;
  int64_t text_hidden = 0;
  int64_t timbre_frames = 0;
  int64_t pool_frames = 0;     // latent frames per audio code
  int64_t silence_frames = 0;  // of its silence_latent.pt
  bool has_timbre_token = false;

  std::vector<WeightTensors> blocks = {};  // of the decoder
  WeightTensors outside_blocks = {};       // of the decoder, with the null condition
  WeightTensors conditioning = {};         // condition encoder, tokenizer, detokenizer
};

// One step of the VAE: in the decoder a transposed convolution and the residual units behind it, in
// the encoder the residual units and a convolution behind them.
struct VaeBlock {
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  int64_t stride = 1;
};

struct VaeFacts {
  int64_t latent_channels = 0;
  int64_t audio_channels = 0;
  std::vector<VaeBlock> blocks = {};  // of the decoder
  WeightTensors decoder = {};
  std::vector<VaeBlock> encoder_blocks = {};
  WeightTensors encoder = {};
};

struct SongModels {
  DitFacts dit = {};
  QwenFacts text_encoder = {};
  VaeFacts vae = {};
  std::optional<QwenFacts> language_model = {};
};

}  // namespace acestep::plan
