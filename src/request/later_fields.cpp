#include "request/field_lists.h"

namespace acestep::request {
namespace {

// What the reference's wizard writes for text2music (acestep/constants.py).
constexpr const char* kTextToMusicInstruction =
    "Fill the audio semantic mask based on the given conditions:";

Field later(std::string name, FieldType type, Member member,
            std::vector<std::string> aliases = {}) {
  return {.name = std::move(name),
          .type = type,
          .member = member,
          .aliases = std::move(aliases),
          .support = FieldSupport::kLater};
}

// A key without a place in Settings: `harmless` is the only value that can be granted.
Field later_key(std::string name, FieldType type, Value harmless,
                std::vector<std::string> aliases = {}) {
  return {.name = std::move(name),
          .type = type,
          .aliases = std::move(aliases),
          .support = FieldSupport::kLater,
          .later_default = std::move(harmless)};
}

Field ignored(std::string name, FieldType type, Value usual = Unset{}) {
  return {.name = std::move(name),
          .type = type,
          .accepts_number = true,
          .support = FieldSupport::kIgnored,
          .later_default = std::move(usual)};
}

constexpr auto kBool = FieldType::kBool;
constexpr auto kInteger = FieldType::kInteger;
constexpr auto kReal = FieldType::kReal;
constexpr auto kText = FieldType::kText;

std::vector<Field> later_sampling_fields() {
  std::vector<Field> fields = {
      later("sampler_mode", kText, &Settings::sampler_mode),
      later("timesteps", FieldType::kRealList, &Settings::timesteps),
      later("use_adg", kBool, &Settings::use_adg),
      later("cfg_interval_start", kReal, &Settings::cfg_interval_start),
      later("cfg_interval_end", kReal, &Settings::cfg_interval_end),
      later("velocity_norm_threshold", kReal, &Settings::velocity_norm_threshold),
      later("velocity_ema_factor", kReal, &Settings::velocity_ema_factor),
      later("dcw_mode", kText, &Settings::dcw_mode),
      later("dcw_scaler", kReal, &Settings::dcw_scaler),
      later("dcw_high_scaler", kReal, &Settings::dcw_high_scaler),
      later("dcw_wavelet", kText, &Settings::dcw_wavelet),
      later("retake_seed", kText, &Settings::retake_seed),
      later("retake_variance", kReal, &Settings::retake_variance),
      later("latent_shift", kReal, &Settings::latent_shift),
      later("latent_rescale", kReal, &Settings::latent_rescale),
  };
  for (Field& field : fields) field.group = FieldGroup::kSampling;
  for (Field& field : fields) {
    if (field.name == "retake_seed") field.accepts_number = true;
  }
  return fields;
}

}  // namespace

std::vector<Field> later_fields() {
  std::vector<Field> fields = {
      later("task_type", kText, &Settings::task_type),
      later("instruction", kText, &Settings::instruction),
      later("audio_codes", kText, &Settings::audio_codes),
      later_key("global_caption", kText, Unset{}),
      later_key("sample_query", kText, Unset{}, {"description"}),
      later_key("sample_mode", kBool, false),
      later_key("use_format", kBool, false),
      later_key("use_cot_lyrics", kBool, false),
      later_key("reference_audio", kText, Unset{}),
      later_key("src_audio", kText, Unset{}),
      later_key("src_latents", kText, Unset{}),
      later_key("ref_latents", kText, Unset{}),
      later_key("repaint_source_latents_file", kText, Unset{}),
      later_key("track", kText, Unset{}, {"lego_track", "extract_track", "track_name"}),
      later_key("complete_tracks", kText, Unset{}, {"track_classes", "complete_track_classes"}),
      later_key("flow_edit_morph", kBool, false),
      later_key("lora", kText, Unset{}, {"lora_path", "adapter"}),
      later_key("instruction_file", kText, Unset{}),
      later_key("loudness", kReal, Unset{}),
      later_key("true_peak", kReal, Unset{}),
      later_key("quantization", kText, Unset{}),
      later_key("lm_quantization", kText, Unset{}),
      later_key("vae_checkpoint", kText, std::string("official")),
  };
  for (Field& field : fields) {
    if (field.name == "instruction") field.harmless = {kTextToMusicInstruction};
    if (field.name == "quantization") field.harmless = {"none"};
    if (field.name == "lm_quantization") field.harmless = {"none"};
  }
  for (Field& field : later_sampling_fields()) fields.push_back(std::move(field));
  return fields;
}

std::vector<Field> ignored_fields() {
  return {
      // Turbo models have their guidance distilled in; 7.0 stands in every file of the wizard.
      {.name = "guidance_scale",
       .group = FieldGroup::kSampling,
       .type = kReal,
       .member = &Settings::guidance_scale,
       .support = FieldSupport::kIgnored,
       .harmless = {"7.0"}},
      // Meaningful only for tasks that are refused above.
      ignored("repainting_start", kReal, 0.0),
      ignored("repainting_end", kReal, -1.0),
      ignored("chunk_mask_mode", kText, std::string("auto")),
      ignored("repaint_latent_crossfade_frames", kInteger, int64_t{10}),
      ignored("repaint_wav_crossfade_sec", kReal, 0.0),
      ignored("repaint_mode", kText, std::string("balanced")),
      ignored("repaint_strength", kReal, 0.5),
      ignored("audio_cover_strength", kReal, 1.0),
      ignored("cover_noise_strength", kReal, 0.0),
      ignored("flow_edit_source_caption", kText),
      ignored("flow_edit_source_lyrics", kText),
      ignored("flow_edit_n_min", kReal, 0.0),
      ignored("flow_edit_n_max", kReal, 1.0),
      ignored("flow_edit_n_avg", kInteger, int64_t{1}),
      ignored("mp3_bitrate", kText, std::string("128k")),
      ignored("mp3_sample_rate", kInteger, int64_t{48000}),
      ignored("lora_scale", kReal),
      ignored("adapter_scale", kReal),
      // Speed and memory only.
      ignored("use_flash_attention", kBool, false),
      ignored("offload_to_cpu", kBool, false),
      ignored("offload_dit_to_cpu", kBool, false),
      ignored("compile_model", kBool, false),
      ignored("allow_lm_batch", kBool, false),
      ignored("lm_batch_chunk_size", kInteger, int64_t{8}),
      ignored("tier", kText),
      ignored("max_vram", kReal),
      ignored("vae_chunk_size", kInteger),
      ignored("vae_overlap", kInteger),
      ignored("vae_on_cpu", kBool, false),
      ignored("keep_loaded", kBool, false),
      ignored("generation_timeout", kReal),
      ignored("constrained_decoding_debug", kBool, false),
      // Written by the reference, never read as a request.
      ignored("prompt", kText),
      ignored("cot_bpm", kInteger),
      ignored("cot_keyscale", kText),
      ignored("cot_timesignature", kText),
      ignored("cot_duration", kReal),
      ignored("cot_vocal_language", kText, std::string("unknown")),
      ignored("cot_caption", kText),
      ignored("cot_lyrics", kText),
      ignored("python_random_seed", kInteger),
      ignored("python_seed", kInteger),
  };
}

}  // namespace acestep::request
