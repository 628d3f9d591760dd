// What a DiT folder's config.json says about the sizes of its decoder, encoders and tokenizer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "nn/attention.h"

namespace acestep::models {

enum class AttentionKind { kFull, kSliding };

// Sizes of one transformer of the checkpoint.
struct TransformerSizes {
  int64_t hidden = 0;
  int64_t intermediate = 0;
  int64_t heads = 0;
  int64_t kv_heads = 0;
};

// Heads of one decoder layer.
struct LayerHeads {
  int64_t layer = 0;
  std::vector<int64_t> heads = {};

  bool operator==(const LayerHeads&) const = default;
};

// Defaults are those of the published 2B models (reference: configuration_acestep_v15.py).
struct DitConfig {
  TransformerSizes decoder;  // the diffusion transformer
  TransformerSizes encoder;  // condition encoders, tokenizer and detokenizer; the decoder's on 2B
  int64_t head_dim = 128;
  double rms_norm_epsilon = 1e-6;
  double rope_theta = 1e6;
  bool has_attention_bias = false;

  int64_t decoder_layers = 24;
  int64_t lyric_layers = 8;
  int64_t timbre_layers = 4;
  int64_t pooler_layers = 2;  // of the tokenizer and of the detokenizer

  // By layer index, in the decoder and in every encoder alike.
  std::vector<AttentionKind> layer_kinds;
  // Positions a sliding layer reaches on either side; absent: sliding layers see everything, and
  // ignore key masks, as in the reference.
  std::optional<int64_t> sliding_window = 128;

  int64_t in_channels = 192;     // context (source latents, chunk mask) and noisy latents
  int64_t latent_channels = 64;  // audio_acoustic_hidden_dim
  int64_t patch_frames = 2;      // 25 Hz latent frames per decoder position
  int64_t text_hidden = 1024;    // width of the text encoder's states
  int64_t timbre_hidden = 64;    // width of reference audio latents
  int64_t timbre_frames = 750;   // 25 Hz frames of one reference

  int64_t pool_frames = 5;  // 25 Hz frames per audio code
  int64_t fsq_hidden = 2048;
  std::vector<int64_t> fsq_levels = {8, 8, 8, 5, 5, 5};

  // Whose cross-attention follows the lyrics as they are sung (lyric_alignment_layers_config). A 2B
  // file that names none means the published models' (reference: lyric_alignment_common.py), as far
  // as it has them; an XL file none. Empty: not known.
  std::vector<LayerHeads> lyric_heads = {};

  bool is_turbo = false;
  bool is_lego_sft = false;  // a model of stems: its captions say what surrounds the track
  bool is_xl = false;        // the file has encoder_hidden_size
  std::string version;       // model_version: "turbo", "base", …; may be empty

  int64_t context_channels() const { return in_channels - latent_channels; }
  // Number of different audio codes.
  int64_t codebook_entries() const;
  nn::AttentionShape attention_shape(const TransformerSizes& sizes) const;
};

// Reads `folder`/config.json. Throws Error kModel naming the key when the file or a value is
// missing, when a value is missing, out of bounds or asks for something these models never do.
DitConfig read_dit_config(const std::filesystem::path& folder);

}  // namespace acestep::models
