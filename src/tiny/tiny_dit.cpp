#include "tiny/tiny_dit.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace acestep::tiny {
namespace {

constexpr int64_t kLatentChannels = 64;
constexpr int64_t kInChannels = 192;  // source latents, chunk mask, noisy latents
constexpr int64_t kPatchFrames = 2;
constexpr int64_t kPoolFrames = 5;
constexpr int64_t kSinusoids = 256;
constexpr int64_t kQuantizerDigits = 6;
// The pieces of adaptive normalisation: shift, scale and gate of self-attention and of the MLP.
constexpr int64_t kModulations = 6;
// Of learned tokens and embeddings that stand among states of unit size.
constexpr float kTokenSpread = 1.0F;

// Modulations start small, as in training (reference: randn / sqrt(hidden)).
float modulation_spread(const TransformerSizes& sizes) {
  return 1.0F / std::sqrt(static_cast<float>(sizes.hidden));
}

void plan_time_embedding(TensorPlan& plan, const std::string& name, int64_t hidden) {
  plan.biased_linear(name + ".linear_1", hidden, kSinusoids);
  plan.biased_linear(name + ".linear_2", hidden, hidden);
  plan.biased_linear(name + ".time_proj", kModulations * hidden, hidden);
}

void plan_decoder(TensorPlan& plan, const DitSizes& sizes) {
  const TransformerSizes& decoder = sizes.decoder;
  const int64_t hidden = decoder.hidden;
  const float spread = modulation_spread(decoder);
  plan.biased_weight("decoder.proj_in.1", {hidden, kInChannels, kPatchFrames},
                     kInChannels * kPatchFrames, hidden);
  plan_time_embedding(plan, "decoder.time_embed", hidden);
  plan_time_embedding(plan, "decoder.time_embed_r", hidden);
  plan.biased_linear("decoder.condition_embedder", hidden, sizes.encoder.hidden);
  for (int64_t i = 0; i < sizes.decoder_layers; ++i) {
    const std::string layer = "decoder.layers." + std::to_string(i);
    plan.table(layer + ".scale_shift_table", {1, kModulations, hidden}, spread);
    plan.norm(layer + ".self_attn_norm", hidden);
    plan_attention(plan, layer + ".self_attn", decoder);
    plan.norm(layer + ".cross_attn_norm", hidden);
    plan_attention(plan, layer + ".cross_attn", decoder);
    plan.norm(layer + ".mlp_norm", hidden);
    plan_mlp(plan, layer + ".mlp", decoder);
  }
  plan.norm("decoder.norm_out", hidden);
  plan.table("decoder.scale_shift_table", {1, 2, hidden}, spread);
  plan.biased_weight("decoder.proj_out.1", {hidden, kLatentChannels, kPatchFrames}, hidden,
                     kLatentChannels);
}

// embed_tokens, layers and norm: the frame of every encoder.
void plan_encoder(TensorPlan& plan, const std::string& name, const TransformerSizes& sizes,
                  int64_t inputs, int64_t layers) {
  plan.biased_linear(name + ".embed_tokens", sizes.hidden, inputs);
  plan_layers(plan, name + ".layers", sizes, layers);
  plan.norm(name + ".norm", sizes.hidden);
}

void plan_condition_encoder(TensorPlan& plan, const DitSizes& sizes) {
  const TransformerSizes& encoder = sizes.encoder;
  plan.linear("encoder.text_projector", encoder.hidden, sizes.text_hidden);
  plan_encoder(plan, "encoder.lyric_encoder", encoder, sizes.text_hidden, sizes.lyric_layers);
  plan_encoder(plan, "encoder.timbre_encoder", encoder, kLatentChannels, sizes.timbre_layers);
  plan.table("encoder.timbre_encoder.special_token", {1, 1, encoder.hidden}, kTokenSpread);
  plan.table("null_condition_emb", {1, 1, encoder.hidden}, kTokenSpread);
}

void plan_audio_codes(TensorPlan& plan, const DitSizes& sizes) {
  const TransformerSizes& encoder = sizes.encoder;
  const int64_t hidden = encoder.hidden;
  plan.biased_linear("tokenizer.audio_acoustic_proj", hidden, kLatentChannels);
  plan_encoder(plan, "tokenizer.attention_pooler", encoder, hidden, sizes.pooler_layers);
  plan.table("tokenizer.attention_pooler.special_token", {1, 1, hidden}, kTokenSpread);
  plan.biased_linear("tokenizer.quantizer.project_in", kQuantizerDigits, hidden);
  plan.biased_linear("tokenizer.quantizer.project_out", hidden, kQuantizerDigits);
  plan_encoder(plan, "detokenizer", encoder, hidden, sizes.pooler_layers);
  plan.table("detokenizer.special_tokens", {1, kPoolFrames, hidden}, kTokenSpread);
  plan.biased_linear("detokenizer.proj_out", kLatentChannels, hidden);
}

nlohmann::json attention_kinds(int64_t layers) {
  nlohmann::json kinds = nlohmann::json::array();
  for (int64_t i = 0; i < layers; ++i) {
    kinds.push_back(i % 2 == 0 ? "sliding_attention" : "full_attention");
  }
  return kinds;
}

}  // namespace

std::vector<DitSizes> tiny_dits() {
  const TransformerSizes wide = {.hidden = 48, .intermediate = 96, .heads = 8, .kv_heads = 2};
  return {{.folder = "acestep-v15-turbo", .version = "turbo", .is_turbo = true},
          {.folder = "acestep-v15-base", .version = "base"},
          {.folder = "acestep-v15-sft", .version = "sft"},
          {.folder = "acestep-v15-xl-turbo",
           .version = "xl_turbo",
           .is_turbo = true,
           .is_xl = true,
           .decoder = wide}};
}

nlohmann::json dit_config(const DitSizes& sizes) {
  nlohmann::json config = {{"architectures", {"AceStepConditionGenerationModel"}},
                           {"attention_bias", false},
                           {"attention_dropout", 0.0},
                           {"audio_acoustic_hidden_dim", kLatentChannels},
                           {"data_proportion", 0.5},
                           {"dtype", "bfloat16"},
                           {"fsq_dim", sizes.encoder.hidden},
                           {"fsq_input_levels", {8, 8, 8, 5, 5, 5}},
                           {"fsq_input_num_quantizers", 1},
                           {"head_dim", sizes.decoder.head_dim},
                           {"hidden_act", "silu"},
                           {"hidden_size", sizes.decoder.hidden},
                           {"in_channels", kInChannels},
                           {"initializer_range", 0.02},
                           {"intermediate_size", sizes.decoder.intermediate},
                           {"is_turbo", sizes.is_turbo},
                           {"layer_types", attention_kinds(sizes.decoder_layers)},
                           {"max_position_embeddings", 32768},
                           {"model_type", "acestep"},
                           {"model_version", sizes.version},
                           {"num_attention_heads", sizes.decoder.heads},
                           {"num_attention_pooler_hidden_layers", sizes.pooler_layers},
                           {"num_audio_decoder_hidden_layers", 24},
                           {"num_hidden_layers", sizes.decoder_layers},
                           {"num_key_value_heads", sizes.decoder.kv_heads},
                           {"num_lyric_encoder_hidden_layers", sizes.lyric_layers},
                           {"num_timbre_encoder_hidden_layers", sizes.timbre_layers},
                           {"patch_size", kPatchFrames},
                           {"pool_window_size", kPoolFrames},
                           {"rms_norm_eps", 1e-6},
                           {"rope_scaling", nullptr},
                           {"rope_theta", 1000000},
                           {"sliding_window", 128},
                           {"text_hidden_dim", sizes.text_hidden},
                           {"timbre_fix_frame", 750},
                           {"timbre_hidden_dim", kLatentChannels},
                           {"timestep_mu", -0.4},
                           {"timestep_sigma", 1.0},
                           {"use_cache", true},
                           {"use_sliding_window", true},
                           {"vocab_size", 64003}};
  // Heads that the published files leave to the programs would not be there.
  if (!sizes.is_xl) config["lyric_alignment_layers_config"] = {{"0", {1}}, {"1", {0, 2}}};
  if (sizes.is_xl) {
    config["encoder_hidden_size"] = sizes.encoder.hidden;
    config["encoder_intermediate_size"] = sizes.encoder.intermediate;
    config["encoder_num_attention_heads"] = sizes.encoder.heads;
    config["encoder_num_key_value_heads"] = sizes.encoder.kv_heads;
  }
  return config;
}

TensorPlan dit_tensors(const DitSizes& sizes) {
  TensorPlan plan;
  plan_decoder(plan, sizes);
  plan_condition_encoder(plan, sizes);
  plan_audio_codes(plan, sizes);
  return plan;
}

}  // namespace acestep::tiny
