#include "pipeline/render_options.h"

#include <ATen/ATen.h>

#include "pipeline/repaint_options.h"
#include "request/text.h"
#include "text/dit_prompt.h"
#include "text/task.h"
#include "util/error.h"
#include "util/split_mix.h"

namespace acestep::pipeline {
namespace {

bool any_codes(const Batch& batch) {
  for (const song::Composition& composition : batch.compositions) {
    if (!composition.audio_codes.empty()) return true;
  }
  return false;
}

diffusion::ScheduleFamily schedule_family(const models::DitConfig& config) {
  if (config.is_turbo) return diffusion::ScheduleFamily::kTurbo;
  // Only the 2B base model counts its cover steps before its timesteps (reference: the modeling
  // files).
  const bool is_small_base = !config.is_xl && config.version == "base";
  return is_small_base ? diffusion::ScheduleFamily::kBase : diffusion::ScheduleFamily::kStandard;
}

diffusion::SolverMethod solver_method(const request::GenerationRequest& request) {
  // Heun has no stochastic form: the reference then takes plain SDE steps.
  if (request.infer_method == "sde") return diffusion::SolverMethod::kSde;
  return request.sampler_mode == "heun" ? diffusion::SolverMethod::kHeun
                                        : diffusion::SolverMethod::kEuler;
}

std::vector<uint64_t> song_seeds(const Batch& batch) {
  std::vector<uint64_t> seeds;
  for (const SongSeeds& song : batch.seeds) seeds.push_back(song.song);
  return seeds;
}

std::vector<uint64_t> retake_seeds(const Batch& batch) {
  std::vector<uint64_t> seeds;
  for (const SongSeeds& song : batch.seeds) {
    seeds.push_back(song.retake.value_or(util::SplitMix(song.song).next() >> 32U));
  }
  return seeds;
}

condition::PromptTokens encode_prompt(const text::DitPrompt& prompt,
                                      const text::Tokenizer& tokenizer,
                                      std::vector<EncodedText>& texts) {
  condition::PromptTokens tokens;
  tokens.text = tokenizer.encode_at_most(prompt.text, condition::kMostTextTokens);
  tokens.lyrics = tokenizer.encode_at_most(prompt.lyrics, condition::kMostLyricTokens);
  texts.push_back({prompt.text, tokens.text});
  texts.push_back({prompt.lyrics, tokens.lyrics});
  return tokens;
}

// A flow edit's source in words: all that is not said of it is the song's.
song::Composition source_of(song::Composition song, const request::GenerationRequest& request) {
  song.caption = request.flow_edit_source_caption;
  song.lyrics = request.flow_edit_source_lyrics;
  return song;
}

}  // namespace

text::DitPrompt dit_prompt_of(const song::Composition& composition,
                              const std::string& instruction) {
  const song::Metadata& metadata = composition.metadata;
  text::DitMetas metas;
  if (metadata.bpm) metas.bpm = *metadata.bpm;
  metas.keyscale = metadata.keyscale;
  metas.timesignature = metadata.timesignature;
  metas.duration = metadata.duration;
  return text::dit_prompt({.instruction = instruction,
                           .caption = composition.caption,
                           .lyrics = composition.lyrics,
                           .language = composition.language,
                           .metas = text::dit_metadata(metas)});
}

std::string instruction_of(const request::GenerationRequest& request, bool has_codes) {
  const text::ResolvedTask resolved =
      text::resolve_task(request.task_type, request.instruction, has_codes);
  if (!resolved.instruction.empty()) return resolved.instruction;
  if (resolved.task == "text2music") return {};
  return text::task_instruction(
      resolved.task,
      {.track_name = request.track, .classes = request::split_any(request.complete_tracks, ",| ")});
}

namespace {

// Models of stems are told what surrounds the track.
std::string caption_for(const ConditionFacts& facts, const song::Composition& composition,
                        const std::string& instruction) {
  if (!facts.config.is_lego_sft) return composition.caption;
  const bool is_explicit = facts.request.chunk_mask_mode == "explicit";
  return text::format_lego_caption(
      {.instruction = instruction,
       .local = composition.caption,
       .global = facts.request.global_caption,
       .mask = is_explicit ? text::MaskControl::kExplicit : text::MaskControl::kAuto});
}

}  // namespace

std::vector<condition::ConditionRequest> condition_requests(const ConditionFacts& facts,
                                                            std::vector<EncodedText>& texts) {
  // Codes are heard as a cover of themselves, under the cover's instruction.
  const bool has_codes = any_codes(facts.batch);
  const std::string instruction = instruction_of(facts.request, has_codes);
  const auto encode = [&](const std::string& text, int64_t most_tokens) {
    texts.push_back({text, facts.tokenizer.encode_at_most(text, most_tokens)});
    return texts.back().ids;
  };
  std::vector<condition::ConditionRequest> songs;
  for (song::Composition composition : facts.batch.compositions) {
    composition.caption = caption_for(facts, composition, instruction);
    const text::DitPrompt prompt = dit_prompt_of(composition, instruction);
    condition::ConditionRequest song;
    song.prompt.text = encode(prompt.text, condition::kMostTextTokens);
    song.prompt.lyrics = encode(prompt.lyrics, condition::kMostLyricTokens);
    if (facts.request.audio_cover_strength < 1.0) {
      const std::string plain(text::default_instruction());
      song.prompt.text_without_cover =
          encode(dit_prompt_of(composition, plain).text, condition::kMostTextTokens);
    }
    song.audio_codes = composition.audio_codes;
    song.seconds = composition.metadata.duration;
    song.source_use.is_cover = has_codes;
    songs.push_back(std::move(song));
  }
  for (std::size_t i = 0; facts.request.edits_flow() && i < songs.size(); ++i) {
    const song::Composition source = source_of(facts.batch.compositions[i], facts.request);
    songs[i].source_prompt =
        encode_prompt(dit_prompt_of(source, instruction), facts.tokenizer, texts);
    // Models know text2music without anything to hear (reference: service_generate_flow_edit.py).
    songs[i].hears_silence = facts.request.task_type == "text2music";
  }
  return songs;
}

diffusion::DenoiseOptions denoise_options(const request::GenerationRequest& request,
                                          const models::DitConfig& config, bool follows_reference) {
  diffusion::DenoiseOptions options;
  options.schedule =
      diffusion::make_schedule({.family = schedule_family(config),
                                .steps = request.inference_steps,
                                .shift = request.shift.value_or(1.0),
                                .timesteps = request.timesteps,
                                .cover_strength = request.audio_cover_strength,
                                .cover_noise_strength = request.cover_noise_strength});
  options.method = solver_method(request);
  // Turbo models have guidance distilled into them (reference: generate_music.py).
  options.guidance = {.scale = config.is_turbo ? 1.0 : request.guidance_scale.value_or(7.0),
                      .uses_angle = request.use_adg,
                      .interval_start = request.cfg_interval_start,
                      .interval_end = request.cfg_interval_end};
  options.dcw = {.is_enabled = request.dcw_enabled,
                 .mode = diffusion::parse_dcw_mode(request.dcw_mode),
                 .scaler = request.dcw_scaler,
                 .high_scaler = request.dcw_high_scaler,
                 .wavelet = request.dcw_wavelet};
  options.velocity_norm_threshold = request.velocity_norm_threshold;
  options.velocity_ema_factor = request.velocity_ema_factor;
  const condition::RepaintStrength strength = repaint_strength(request, follows_reference);
  options.injection_ratio = strength.injection_ratio;
  options.crossfade_frames = strength.latent_crossfade_frames;
  return options;
}

std::optional<diffusion::FlowEditOptions> flow_edit_options(
    const request::GenerationRequest& request, const models::DitConfig& config,
    bool follows_reference) {
  if (!request.edits_flow()) return std::nullopt;
  const diffusion::DenoiseOptions plain = denoise_options(request, config, follows_reference);
  return diffusion::FlowEditOptions{
      .schedule = diffusion::make_edit_schedule({.steps = request.inference_steps,
                                                 .shift = request.shift.value_or(1.0),
                                                 .timesteps = request.timesteps}),
      .guidance = {.scale = plain.guidance.scale,
                   .interval_start = plain.guidance.interval_start,
                   .interval_end = plain.guidance.interval_end},
      .velocity_norm_threshold = plain.velocity_norm_threshold,
      .velocity_ema_factor = plain.velocity_ema_factor,
      .first_share = request.flow_edit_n_min,
      .last_share = request.flow_edit_n_max,
      .draws = request.flow_edit_n_avg};
}

diffusion::NoiseStreams edit_noise(const Batch& batch, const NoiseSources& sources) {
  std::vector<uint64_t> seeds;
  for (const SongSeeds& song : batch.seeds) seeds.push_back(song.retake.value_or(song.song));
  return diffusion::NoiseStreams::per_song(seeds, sources.random_device);
}

BatchNoise::BatchNoise(const Batch& batch, const request::GenerationRequest& request,
                       int64_t frames, const NoiseSources& sources)
    : steps_(diffusion::NoiseStreams::per_song(song_seeds(batch), sources.random_device)) {
  start_ = steps_.draw(frames);
  if (request.retake_variance > 0.0) {
    auto retake = diffusion::NoiseStreams::per_song(retake_seeds(batch), sources.random_device);
    start_ = diffusion::mix_retake(start_, retake.draw(frames), request.retake_variance);
  }
  start_ = start_.to(sources.model_device);
  if (sources.shared.defined()) {
    steps_ =
        diffusion::NoiseStreams::shared(sources.shared, static_cast<int64_t>(batch.seeds.size()));
  }
}

void require_signal(const at::Tensor& latents, int64_t steps, int64_t first_song) {
  const at::Tensor peaks = latents.abs().amax({1, 2}).to(at::kCPU, at::kFloat).contiguous();
  for (int64_t song = 0; song < peaks.size(0); ++song) {
    if (peaks.const_data_ptr<float>()[song] > 0.0F) continue;
    throw Error(ErrorCode::kRejected,
                "denoise: the latents of song " + std::to_string(first_song + song) +
                    " are all zero after step " + std::to_string(steps) + " of " +
                    std::to_string(steps),
                "the model's files may be damaged");
  }
}

}  // namespace acestep::pipeline
