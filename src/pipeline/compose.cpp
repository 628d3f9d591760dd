#include "pipeline/compose.h"

#include <ATen/ATen.h>

#include <utility>

#include "diffusion/noise.h"
#include "models/audio_codes.h"
#include "text/lm_metadata.h"
#include "text/python_text.h"

namespace acestep::pipeline {
namespace {

using request::GenerationRequest;

// Prompt and answer together (reference: llm_inference.py, from 8 GB of memory on).
constexpr int64_t kMostModelTokens = 4096;

void add_if_given(text::Metadata& given, const char* key, const std::string& value) {
  const std::string word = text::strip(value);
  if (!word.empty() && text::to_lower(word) != "n/a") given[key] = word;
}

// What the user fixed; the reference hands whole seconds and whole beats to the model.
text::Metadata given_metadata(const GenerationRequest& request) {
  text::Metadata given;
  if (request.bpm && *request.bpm > 0) given["bpm"] = *request.bpm;
  add_if_given(given, "keyscale", request.keyscale);
  add_if_given(given, "timesignature", request.timesignature);
  if (request.duration && *request.duration > 0) {
    given["duration"] = static_cast<int64_t>(*request.duration);
  }
  return given;
}

}  // namespace

bool wants_codes(const GenerationRequest& request, text::Compat compat) {
  // Codes would take the source's place (the reference lets them).
  const bool would_replace = request.has_source() && compat != text::Compat::kReference;
  return request.thinking && request.audio_codes.empty() && !would_replace;
}

lm::ComposeRequest compose_request(const GenerationRequest& request, text::Compat compat,
                                   int max_seconds) {
  lm::ComposeRequest compose;
  compose.caption = request.caption;
  compose.lyrics = request.lyrics;
  const bool writes_codes = wants_codes(request, compat);
  compose.goal = writes_codes ? lm::ComposeGoal::kMetadataAndCodes : lm::ComposeGoal::kMetadata;
  compose.given = given_metadata(request);
  compose.target_seconds = request.duration;
  compose.use_cot_metas = request.use_cot_metas;
  compose.use_cot_caption = request.use_cot_caption;
  compose.use_cot_language = request.use_cot_language;
  compose.use_constrained_decoding = request.use_constrained_decoding;
  compose.sampling.temperature = request.lm_temperature;
  if (request.lm_top_k > 0) compose.sampling.top_k = request.lm_top_k;
  if (request.lm_top_p > 0.0 && request.lm_top_p < 1.0) compose.sampling.top_p = request.lm_top_p;
  compose.sampling.repetition_penalty = request.lm_repetition_penalty;
  compose.cfg_scale = request.lm_cfg_scale;
  compose.negative_prompt = request.lm_negative_prompt;
  compose.limits.max_duration_seconds = max_seconds;
  compose.limits.max_model_tokens = kMostModelTokens;
  compose.compat = compat;
  return compose;
}

song::Composition as_asked(const GenerationRequest& request) {
  song::Composition composition;
  composition.metadata = {request.bpm, request.keyscale, request.timesignature, request.duration};
  composition.caption = request.caption;
  composition.lyrics = request.lyrics;
  composition.language = request.vocal_language;
  composition.audio_codes = models::parse_audio_codes(request.audio_codes);
  return composition;
}

namespace {

// The song as asked, with the model's words in the places left open.
song::Composition with_answer(const GenerationRequest& request, const lm::Composition& answer,
                              text::Compat compat) {
  song::Composition composition = as_asked(request);
  const text::OpenFields filled = text::fill_from_lm({.bpm = request.bpm,
                                                      .keyscale = request.keyscale,
                                                      .timesignature = request.timesignature,
                                                      .duration = request.duration,
                                                      .vocal_language = request.vocal_language,
                                                      .caption = request.caption,
                                                      .lyrics = request.lyrics},
                                                     answer.metadata, compat);
  composition.metadata = {filled.bpm, filled.keyscale, filled.timesignature, filled.duration};
  // The reference's -1 for "none found" means none to its renderer, too.
  if (filled.duration && *filled.duration <= 0) composition.metadata.duration.reset();
  if (answer.caption) composition.caption = *answer.caption;
  // A language that the user gave is kept.
  const bool is_language_open =
      request.vocal_language.empty() || request.vocal_language == "unknown";
  if (answer.language && is_language_open) composition.language = *answer.language;
  if (composition.audio_codes.empty()) composition.audio_codes = answer.audio_codes;
  return composition;
}

lm::ComposeObserver tell_tokens(const song::StageContext& context) {
  return [&context](const lm::ComposeProgress& at) {
    context.observer.step(at.tokens_done, at.tokens_max);
    context.stop_here_if_asked();
  };
}

// The answers of one batch, and its model's passes.
void compose_batch(const lm::LanguageModel& model, const lm::ComposeRequest& asked,
                   const ComposeStage& stage, const GenerationRequest& request, Batch& batch,
                   std::vector<lm::ComposePass>& passes) {
  const lm::ComposeObserver observer = tell_tokens(stage.context);
  std::vector<lm::Composition> answers;
  if (stage.global.defined()) {
    std::vector<uint64_t> seeds;
    for (const SongSeeds& song : batch.seeds) seeds.push_back(song.song);
    answers = lm::compose_reference_batch(model, asked, stage.global, seeds, observer);
  } else {
    for (const SongSeeds& song : batch.seeds) {
      const at::Generator own = diffusion::make_generator(song.language_model);
      answers.push_back(lm::compose(model, asked, own, observer));
    }
  }
  for (lm::Composition& answer : answers) {
    batch.compositions.push_back(with_answer(request, answer, asked.compat));
    for (lm::ComposePass& pass : answer.passes) passes.push_back(std::move(pass));
  }
}

}  // namespace

void ComposeStage::run(const GenerationRequest& request, std::vector<Batch>& batches,
                       std::vector<lm::ComposePass>& passes) const {
  if (!request.wants_language_model() || !components.folders().uses_lm()) {
    for (Batch& batch : batches) batch.compositions.assign(batch.seeds.size(), as_asked(request));
    return;
  }
  const auto loaded = components.language_model();
  lm::EagerDecoder decoder(loaded->model);
  const lm::LanguageModel model{decoder, loaded->tables};
  const auto compat = global.defined() ? text::Compat::kReference : text::Compat::kFixed;
  const lm::ComposeRequest asked =
      compose_request(request, compat, components.policy().lm_max_seconds);
  for (Batch& batch : batches) {
    if (!batch.compositions.empty()) continue;
    context.observer.stage("compose");
    compose_batch(model, asked, *this, request, batch, passes);
  }
}

}  // namespace acestep::pipeline
