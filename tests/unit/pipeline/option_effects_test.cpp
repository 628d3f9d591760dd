// Every option that shapes a song changes it, on a small model that is not distilled.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>

#include <map>
#include <memory>
#include <set>

#include "pipeline/compose.h"
#include "pipeline/engine.h"
#include "request/request_fields.h"
#include "unit/pipeline/small_models.h"
#include "unit/request/reading.h"

namespace acestep::pipeline {
namespace {

using nlohmann::json;

const json& plain_request() {
  static const json request = {{"caption", "calm piano"},
                               {"lyrics", "[Instrumental]"},
                               {"duration", 10},
                               {"inference_steps", 4},
                               {"seed", 7},
                               {"thinking", false}};
  return request;
}

request::Settings settings_of(const json& changes, request::ModelFamily family) {
  json request = plain_request();
  request.update(changes);
  const auto checked = request::testing::check_all({request.dump()}, family);
  EXPECT_EQ(checked.problems(), "");
  return checked.settings();
}

// The models stay loaded for the next song.
Components& kept_components(const std::string& model, const std::string& lm) {
  at::set_num_threads(1);  // tests run side by side, and threads that wait for each other crawl
  static std::map<std::string, std::unique_ptr<Components>> kept;
  std::unique_ptr<Components>& components = kept[model + ' ' + lm];
  if (!components) {
    MemoryPolicy policy;
    policy.keeps_models = true;
    components =
        std::make_unique<Components>(find_models({testing::small_checkpoints(), model, lm}),
                                     device::ComputeDevice{}, device::Precision{}, policy);
  }
  return *components;
}

Song song_of(const std::string& model, const json& changes) {
  testing::SilentObserver observer;
  Engine engine(kept_components(model, "none"), {}, {.observer = observer, .check_stop = {}});
  const auto family = request::family_of(model);
  return engine.render(settings_of(changes, family)).songs.at(0);
}

// Many are compared with one.
const std::vector<float>& samples_before(const json& changes) {
  static std::map<std::string, std::vector<float>> made;
  const auto [entry, is_new] = made.try_emplace(changes.dump());
  if (is_new) entry->second = song_of("acestep-v15-base", changes).waveform.samples;
  return entry->second;
}

struct Effect {
  std::string name;
  json changes;
  json base = json::object();  // what both songs have
};

class OptionEffect : public ::testing::TestWithParam<Effect> {};

TEST_P(OptionEffect, ChangesTheSong) {
  json changed = GetParam().base;
  changed.update(GetParam().changes);
  const Song after = song_of("acestep-v15-base", changed);
  EXPECT_TRUE(samples_before(GetParam().base) != after.waveform.samples);
}

const std::vector<Effect>& effects() {
  static const std::vector<Effect> list = {
      {"caption", {{"caption", "loud drums"}}},
      {"lyrics", {{"lyrics", "la la"}}},
      {"instruction", {{"instruction", "Make it so:"}}},
      {"vocal_language", {{"vocal_language", "fr"}}},
      {"bpm", {{"bpm", 90}}},
      {"keyscale", {{"keyscale", "A minor"}}},
      {"timesignature", {{"timesignature", "3"}}},
      {"duration", {{"duration", 11}}},
      {"audio_codes", {{"audio_codes", "1,2,3,4,5,6,7,8,9,10"}}},
      {"seed", {{"seed", 8}}},
      {"inference_steps", {{"inference_steps", 5}}},
      {"shift", {{"shift", 2.0}}},
      {"timesteps", {{"timesteps", {1.0, 0.6, 0.3, 0.0}}}},
      {"infer_method", {{"infer_method", "sde"}}},
      {"sampler_mode", {{"sampler_mode", "heun"}}},
      {"guidance_scale", {{"guidance_scale", 3.0}}},
      {"use_adg", {{"use_adg", true}}},
      {"cfg_interval_start", {{"cfg_interval_start", 0.7}}},
      {"cfg_interval_end", {{"cfg_interval_end", 0.5}}},
      {"velocity_norm_threshold", {{"velocity_norm_threshold", 0.5}}},
      {"velocity_ema_factor", {{"velocity_ema_factor", 0.2}}},
      {"dcw_enabled", {{"dcw_enabled", false}}},
      {"dcw_mode_low", {{"dcw_mode", "low"}}},
      {"dcw_mode_high", {{"dcw_mode", "high"}}},
      {"dcw_mode_pix", {{"dcw_mode", "pix"}}},
      {"dcw_scaler", {{"dcw_scaler", 0.1}}},
      {"dcw_high_scaler", {{"dcw_high_scaler", 0.1}}},
      {"dcw_wavelet_db4", {{"dcw_wavelet", "db4"}}},
      {"dcw_wavelet_sym8", {{"dcw_wavelet", "sym8"}}},
      {"retake_variance", {{"retake_variance", 0.3}}},
      {"retake_seed", {{"retake_seed", "5"}}, {{"retake_variance", 0.3}}},
      {"latent_shift", {{"latent_shift", 0.1}}},
      {"latent_rescale", {{"latent_rescale", 1.2}}, {{"enable_normalization", false}}},
      {"enable_normalization", {{"enable_normalization", false}}},
      {"normalization_db", {{"normalization_db", -3.0}}},
      {"audio_cover_strength", {{"audio_cover_strength", 0.5}}, {{"audio_codes", "1,2,3,4,5,6"}}},
      {"fade_in_duration", {{"fade_in_duration", 1.0}}},
      {"fade_out_duration", {{"fade_out_duration", 1.0}}},
      {"loudness", {{"loudness", -30.0}}},
      {"true_peak", {{"true_peak", -6.0}}},
  };
  return list;
}

INSTANTIATE_TEST_SUITE_P(All, OptionEffect, ::testing::ValuesIn(effects()),
                         [](const auto& effect) { return effect.param.name; });

// What the language model writes.
json composed(const json& changes) {
  const c10::InferenceMode no_gradients;
  testing::SilentObserver observer;
  const song::StageContext context{.observer = observer, .check_stop = {}};
  const auto settings = settings_of(changes, request::ModelFamily::kTurbo);
  std::vector<Batch> batches = plan_batches(settings, Grouping::kOneByOne);
  std::vector<lm::ComposePass> passes;
  ComposeStage{kept_components("acestep-v15-turbo", "acestep-5Hz-lm-0.6B"), context, {}}.run(
      settings, batches, passes);
  const song::Composition& song = batches.at(0).compositions.at(0);
  return {{"codes", song.audio_codes},
          {"caption", song.caption},
          {"language", song.language},
          {"keyscale", song.metadata.keyscale},
          {"timesignature", song.metadata.timesignature},
          {"bpm", song.metadata.bpm.value_or(0)}};
}

class LanguageModelEffect : public ::testing::TestWithParam<Effect> {};

TEST_P(LanguageModelEffect, ChangesWhatIsWritten) {
  static const json base = {
      {"thinking", true}, {"use_cot_caption", false}, {"use_cot_language", false}};
  static const json before = composed(base);
  json changed = base;
  changed.update(GetParam().changes);
  EXPECT_NE(before, composed(changed));
}

const std::vector<Effect>& language_model_effects() {
  static const std::vector<Effect> list = {
      {"thinking", {{"thinking", false}}},
      {"use_cot_metas", {{"use_cot_metas", false}}},
      {"use_cot_caption", {{"use_cot_caption", true}}},
      {"use_cot_language", {{"use_cot_language", true}}},
      {"use_constrained_decoding", {{"use_constrained_decoding", false}}},
      {"lm_temperature", {{"lm_temperature", 0.0}}},
      {"lm_cfg_scale", {{"lm_cfg_scale", 1.0}}},
      {"lm_top_k", {{"lm_top_k", 2}}},
      {"lm_top_p", {{"lm_top_p", 0.1}}},
      {"lm_repetition_penalty", {{"lm_repetition_penalty", 2.0}}},
      {"lm_negative_prompt", {{"lm_negative_prompt", "loud drums"}}},
      {"lm_seed", {{"lm_seed", 99}}},
  };
  return list;
}

INSTANTIATE_TEST_SUITE_P(All, LanguageModelEffect, ::testing::ValuesIn(language_model_effects()),
                         [](const auto& effect) { return effect.param.name; });

// Fields whose effect does not show in the samples of one song, and the test that shows it.
const std::map<std::string, std::string>& shown_elsewhere() {
  static const std::map<std::string, std::string> tests = {
      {"instrumental", "cli.effects"},
      {"sample_query", "cli.services"},
      {"sample_mode", "cli.services"},
      {"use_format", "cli.services"},
      {"use_cot_lyrics", "cli.services"},
      {"allow_fallback", "cli.services"},
      {"keep_codes", "cli.services"},
      {"lm_only", "cli.services"},
      {"seeds", "cli.songs"},
      {"seed_mode", "cli.effects"},
      {"use_random_seed", "cli.effects"},
      {"batch_size", "cli.songs"},
      {"config_path", "cli.effects"},
      {"lm_model_path", "cli.effects"},
      {"vae_checkpoint", "cli.effects"},
      {"backend", "cli.tiers"},
      {"lora", "cli.adapters"},
      {"lora_scale", "cli.adapters"},
      {"adapter_dir", "cli.adapters"},
      {"checkpoint_dir", "cli.effects"},
      {"project_root", "cli.effects"},
      {"device", "cli.simulated_gpu"},
      {"dtype", "cli.effects"},
      {"tier", "cli.tiers"},
      {"max_vram", "cli.tiers"},
      {"sim_cards", "cli.tiers"},
      {"sim_compute", "cli.tiers"},
      {"sim_scale", "cli.simulated_tiers"},
      {"offload_to_cpu", "cli.simulated_tiers"},
      {"offload_dit_to_cpu", "cli.simulated_tiers"},
      {"stream_dit_blocks", "cli.simulated_tiers"},
      {"songs_together", "cli.simulated_tiers"},
      {"allow_unsupported", "cli.tiers"},
      {"vae_chunk_size", "cli.simulated_tiers"},
      {"vae_overlap", "cli.simulated_tiers"},
      {"vae_on_cpu", "cli.simulated_tiers"},
      {"compile_model", "cli.tiers"},
      {"quantization", "cli.effects"},
      {"lm_quantization", "cli.effects"},
      {"rng", "cli.simulated_gpu"},
      {"compat", "cli.parity"},
      {"global_seed", "cli.effects"},
      {"python_seed", "cli.source_audio"},
      {"flow_edit_morph", "cli.tasks"},
      {"flow_edit_source_caption", "cli.tasks"},
      {"flow_edit_source_lyrics", "cli.tasks"},
      {"flow_edit_n_min", "cli.tasks"},
      {"flow_edit_n_max", "cli.tasks"},
      {"flow_edit_n_avg", "cli.tasks"},
      {"reference_audio", "cli.source_audio"},
      {"decoder", "cli.source_audio"},
      {"threads", "cli.songs"},
      {"keep_loaded", "cli.effects"},
      {"generation_timeout", "cli.options"},
      {"offline", "cli.models"},
      {"save_dir", "cli.songs"},
      {"output", "cli.songs"},
      {"name_template", "cli.songs"},
      {"force", "cli.songs"},
      {"audio_format", "cli.options"},
      {"auto_trim", "unit pipeline: MasterSong"},
      {"mp3_bitrate", "cli.options"},
      {"mp3_sample_rate", "cli.options"},
      {"sidecar", "cli.songs"},
      {"save_latents", "cli.songs"},
      {"save_codes", "cli.songs"},
      {"plot", "cli.sound"},
      {"preview", "cli.sound"},
      {"preview_steps", "cli.sound"},
      {"print_prompts", "cli.songs"},
      {"lrc", "cli.lrc"},
      {"score", "cli.lrc"},
      {"keep_best", "cli.lrc"},
      {"by", "cli.lrc"},
      {"dry_run", "cli.exit_codes_and_streams"},
      {"json", "cli.songs"},
      {"quiet", "cli.terminal"},
      {"verbose", "cli.terminal"},
      {"log_level", "cli.terminal"},
      {"log_file", "cli.terminal"},
      {"log_format", "cli.terminal"},
      {"color", "cli.terminal"},
      {"yes", "cli.models"},
      {"progress", "cli.terminal"},
      {"strict", "cli.options"},
      {"strict_config", "cli.config"},
      {"task_type", "cli.tasks"},
      {"src_audio", "cli.tasks"},
      {"src_latents", "cli.tasks"},
      {"track", "cli.tasks"},
      {"complete_tracks", "cli.tasks"},
      {"global_caption", "cli.tasks"},
      {"cover_noise_strength", "cli.tasks"},
      {"repainting_start", "cli.tasks"},
      {"repainting_end", "cli.tasks"},
      {"repaint", "cli.tasks"},
      {"chunk_mask_mode", "cli.tasks"},
      {"repaint_mode", "cli.tasks"},
      {"repaint_strength", "cli.tasks"},
      {"repaint_latent_crossfade_frames", "cli.tasks"},
      {"repaint_wav_crossfade_sec", "cli.tasks"},
  };
  return tests;
}

// A new field stands in a list of effects, or above with the test of what it does.
TEST(OptionEffects, CoverEveryField) {
  std::set<std::string> covered;
  for (const auto* list : {&effects(), &language_model_effects()}) {
    for (const Effect& effect : *list) {
      for (const auto& [field, value] : effect.changes.items()) covered.insert(field);
    }
  }
  for (const auto& [field, test] : shown_elsewhere()) {
    EXPECT_TRUE(covered.insert(field).second) << field << " is shown here and by " << test;
  }
  for (const request::Field* field : request::supported_fields()) {
    EXPECT_EQ(covered.erase(field->name), 1u) << field->name;
  }
  EXPECT_THAT(covered, ::testing::IsEmpty());
}

TEST(OptionEffects, TurboModelsHaveNoGuidance) {
  const Song plain = song_of("acestep-v15-turbo", json::object());
  const Song guided = song_of("acestep-v15-turbo", {{"guidance_scale", 5.0}, {"use_adg", true}});
  EXPECT_EQ(plain.waveform.samples, guided.waveform.samples);
}

}  // namespace
}  // namespace acestep::pipeline
