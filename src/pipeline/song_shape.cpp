#include "pipeline/song_shape.h"

#include <algorithm>
#include <optional>

#include "audio/reference_windows.h"
#include "condition/latent_plan.h"
#include "condition/prompt_tokens.h"
#include "lm/composer.h"
#include "models/audio_codes.h"
#include "pipeline/compose.h"
#include "pipeline/render_options.h"
#include "pipeline/words.h"
#include "text/task.h"

namespace acestep::pipeline {
namespace {

using request::GenerationRequest;

// reference: constrained_logits_processor.py cuts captions here
constexpr int64_t kMostCaptionTokens = 512;
// More than tempo, key, metre, length and language take in a prompt, names and all.
constexpr int64_t kMostMetadataTokens = 100;

bool writes_codes(const GenerationRequest& request, const ShapeFacts& facts) {
  const auto compat = facts.follows_reference ? text::Compat::kReference : text::Compat::kFixed;
  return facts.uses_language_model && request.wants_language_model() &&
         wants_codes(request, compat);
}

// Of the song, or the longest that the language model may choose.
double longest_seconds(const GenerationRequest& request, const ShapeFacts& facts) {
  if (request.duration && *request.duration > 0.0) return *request.duration;
  return facts.uses_language_model ? facts.lm_max_seconds : condition::kDefaultSeconds;
}

int64_t most_codes(const GenerationRequest& request, const ShapeFacts& facts) {
  const auto given = static_cast<int64_t>(models::parse_audio_codes(request.audio_codes).size());
  if (!writes_codes(request, facts)) return given;
  return text::target_codes(longest_seconds(request, facts)).value_or(0);
}

plan::Writing writing_of(const lm::PassRequest& pass) {
  if (!pass.grammar) return plan::Writing::kText;
  if (pass.grammar->phase == lm::Phase::kCodes) return plan::Writing::kCodes;
  return pass.grammar->skips_caption ? plan::Writing::kMetadata : plan::Writing::kText;
}

plan::LanguagePass pass_of(const lm::PassRequest& pass, int64_t written_before,
                           const TokenCount& count) {
  const bool is_guided = pass.cfg_scale > 1.0;
  return {.writing = writing_of(pass),
          .rows = is_guided ? 2 : 1,
          .prompt_tokens = count(pass.prompt) + written_before,
          .new_tokens = pass.max_new_tokens,
          .pads_prompts = is_guided};
}

std::vector<plan::LanguagePass> language_passes(const GenerationRequest& request,
                                                const ShapeFacts& facts) {
  std::vector<plan::LanguagePass> passes;
  if (!facts.uses_language_model || !request.wants_language_model()) return passes;
  lm::ComposeRequest compose = compose_request(request, text::Compat::kFixed, facts.lm_max_seconds);
  int64_t words = 0;  // written by earlier passes: a later one may be told all of them
  for (const ServiceTask& task : planned_tasks(request, text::Compat::kFixed)) {
    const int64_t prompt = facts.count_language_model(service_prompt(task));
    const int64_t most = lm::most_sample_tokens(compose.limits);
    passes.push_back({.prompt_tokens = prompt + words, .new_tokens = most});
    words = most;
  }
  const std::optional<lm::PassRequest> first = lm::first_pass(compose);
  if (first) passes.push_back(pass_of(*first, words, facts.count_language_model));
  if (!writes_codes(request, facts)) return passes;
  // The codes' pass as it is without a first one; what that has written comes before them.
  const int64_t caption = compose.use_cot_caption ? kMostCaptionTokens : 0;
  compose.use_cot_metas = false;
  compose.target_seconds = longest_seconds(request, facts);
  const std::optional<lm::PassRequest> codes = lm::first_pass(compose);
  if (codes) {
    const int64_t written = words + caption + kMostMetadataTokens;
    passes.push_back(pass_of(*codes, written, facts.count_language_model));
  }
  return passes;
}

// lm::score_song: the codes, then words or metadata.
plan::LanguagePass scoring_pass(const GenerationRequest& request, int64_t codes,
                                const ShapeFacts& facts) {
  const int64_t words = facts.count_language_model(request.caption + request.lyrics);
  return {.prompt_tokens = codes + words + kMostCaptionTokens + kMostMetadataTokens,
          .is_scored = true};
}

void count_prompts(const GenerationRequest& request, const ShapeFacts& facts,
                   plan::SongShape& shape) {
  song::Composition composition = as_asked(request);
  composition.metadata.duration = longest_seconds(request, facts);
  composition.caption += request.global_caption;
  const text::DitPrompt prompt =
      dit_prompt_of(composition, instruction_of(request, shape.audio_codes > 0));
  const bool writes_words = facts.uses_language_model && request.wants_words();
  const bool rewrites = facts.uses_language_model && request.use_cot_caption;
  const int64_t written = facts.uses_language_model ? kMostMetadataTokens : 0;
  shape.text_tokens = rewrites || writes_words ? condition::kMostTextTokens
                                               : std::min(condition::kMostTextTokens,
                                                          facts.count_text(prompt.text) + written);
  shape.lyric_tokens = writes_words ? condition::kMostLyricTokens
                                    : std::min(condition::kMostLyricTokens,
                                               facts.count_text(prompt.lyrics) + written);
}

// A flow edit's other words, and how often they are looked at.
void count_edit(const GenerationRequest& request, const ShapeFacts& facts, plan::SongShape& shape) {
  if (!request.edits_flow()) return;
  GenerationRequest of_source = request;
  of_source.caption = request.flow_edit_source_caption;
  of_source.lyrics = request.flow_edit_source_lyrics;
  plan::SongShape described = shape;
  count_prompts(of_source, facts, described);
  shape.edits_flow = true;
  shape.source_text_tokens = described.text_tokens;
  shape.source_lyric_tokens = described.lyric_tokens;
  shape.edit_draws = request.flow_edit_n_avg;
}

// A reference's three windows are encoded as one sound.
void count_reference(const GenerationRequest& request, plan::SongShape& shape) {
  constexpr double kHeardSamples = audio::kReferenceWindowSeconds *
                                   static_cast<double>(audio::kReferenceWindows) *
                                   static_cast<double>(condition::kSampleRateHz);
  if (request.reference_audio.empty()) return;
  shape.hears_reference = true;
  shape.source_frames =
      std::max(shape.source_frames, static_cast<int64_t>(kHeardSamples) / condition::kFrameSamples);
}

}  // namespace

int64_t most_tokens(const std::string& text) { return static_cast<int64_t>(text.size()); }

plan::SongShape song_shape(const GenerationRequest& request, const models::DitConfig& config,
                           const ShapeFacts& facts) {
  plan::SongShape shape;
  shape.songs = request.batch_size;
  shape.songs_together = std::min(facts.songs_together, shape.songs);
  if (facts.follows_reference) shape.songs_per_batch = shape.songs;
  shape.audio_codes = most_codes(request, facts);
  const int64_t source_frames = facts.source_samples / condition::kFrameSamples;
  shape.frames =
      condition::plan_latents({{longest_seconds(request, facts), shape.audio_codes, source_frames}})
          .frames;
  if (facts.encodes_source) shape.source_frames = source_frames + 1;
  shape.hears_source_as_codes = request.task_type == "cover" && source_frames > 0;
  shape.keeps_part = request.has_parts() && source_frames > 0;
  shape.leaves_cover = request.audio_cover_strength < 1.0;
  shape.pads_lyrics = shape.songs_per_batch > 1 && facts.uses_language_model;
  shape.is_guided = denoise_options(request, config).guidance.scale > 1.0;
  shape.guides_by_angle = request.use_adg;
  shape.uses_heun = request.sampler_mode == "heun" && request.infer_method != "sde";
  shape.rescales_latents = request.latent_shift != 0.0 || request.latent_rescale != 1.0;
  shape.is_listened_to = facts.is_listened_to;
  shape.passes = language_passes(request, facts);
  if (facts.scores_codes && facts.uses_language_model && shape.audio_codes > 0) {
    shape.passes.push_back(scoring_pass(request, shape.audio_codes, facts));
  }
  count_prompts(request, facts, shape);
  count_edit(request, facts, shape);
  count_reference(request, shape);
  return shape;
}

}  // namespace acestep::pipeline
