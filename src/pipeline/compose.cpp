#include "pipeline/compose.h"

#include <ATen/ATen.h>

#include <utility>

#include "diffusion/noise.h"
#include "models/audio_codes.h"
#include "pipeline/words.h"
#include "text/lm_metadata.h"
#include "text/python_text.h"
#include "util/error.h"

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

lm::ComposeObserver tell_tokens(const song::StageContext& context) {
  return [&context](const lm::ComposeProgress& at) {
    context.observer.step(at.tokens_done, at.tokens_max);
    context.stop_here_if_asked();
  };
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

// A loaded language model that composes the batches of one request.
struct BatchComposer {
  const lm::LanguageModel& model;
  const ComposeStage& stage;
  text::Compat compat;
  const MemoryPolicy& policy;
  std::vector<lm::ComposePass>& passes;

  // Fills the batch's compositions, from words that are written first where the request wants them.
  void compose(const GenerationRequest& request, Batch& batch) const {
    if (stage.global.defined()) return compose_together(request, batch);
    std::vector<GenerationRequest> words;
    std::vector<song::Composition> songs;
    for (const SongSeeds& seeds : batch.seeds) {
      // Words and codes have a generator each: whoever gives the words makes the same song.
      words.push_back(written(request, make_generator(seeds)));
      songs.push_back(composed(words.back(), make_generator(seeds)));
    }
    keep(request, std::move(words), batch);
    batch.compositions = std::move(songs);
  }

 private:
  static at::Generator make_generator(const SongSeeds& seeds) {
    return diffusion::make_generator(seeds.language_model);
  }
  lm::ComposeRequest asked(const GenerationRequest& words) const {
    return compose_request(words, compat, policy.lm_max_seconds);
  }

  song::Composition composed(const GenerationRequest& words, const at::Generator& generator) const {
    if (!words.wants_language_model()) return as_asked(words);
    stage.context.observer.stage("compose");
    return filled(words, lm::compose(model, asked(words), generator, tell_tokens(stage.context)));
  }

  // As the reference does it: everything from one generator, the words once for all songs.
  void compose_together(const GenerationRequest& request, Batch& batch) const {
    const std::size_t songs = batch.seeds.size();
    const GenerationRequest words = written(request, stage.global);
    keep(request, std::vector<GenerationRequest>(songs, words), batch);
    if (!words.wants_language_model()) return batch.compositions.assign(songs, as_asked(words));
    std::vector<uint64_t> seeds;
    for (const SongSeeds& song : batch.seeds) seeds.push_back(song.song);
    stage.context.observer.stage("compose");
    for (lm::Composition& answer : lm::compose_reference_batch(model, asked(words), stage.global,
                                                               seeds, tell_tokens(stage.context))) {
      batch.compositions.push_back(filled(words, std::move(answer)));
    }
  }

  GenerationRequest written(const GenerationRequest& request,
                            const at::Generator& generator) const {
    if (!request.wants_words()) return request;
    return WordWriter{model, stage.context, compat, policy, passes}.write(request, generator);
  }

  static void keep(const GenerationRequest& request, std::vector<GenerationRequest> words,
                   Batch& batch) {
    batch.rewritten.clear();
    if (request.wants_words()) batch.rewritten = std::move(words);
  }

  song::Composition filled(const GenerationRequest& words, lm::Composition answer) const {
    song::Composition song = with_answer(words, answer, compat);
    for (lm::ComposePass& pass : answer.passes) passes.push_back(std::move(pass));
    return song;
  }
};

// Nothing is written or composed.
void take_as_asked(const GenerationRequest& request, std::vector<Batch>& batches) {
  if (request.wants_words()) {
    throw Error(ErrorCode::kUsage, "a language model is to write words, but none is used",
                "leave lm_model_path open, or take sample_query, sample_mode, use_format and "
                "use_cot_lyrics back");
  }
  for (Batch& batch : batches) batch.compositions.assign(batch.seeds.size(), as_asked(request));
}

}  // namespace

void ComposeStage::run(const GenerationRequest& request, std::vector<Batch>& batches,
                       std::vector<lm::ComposePass>& passes) const {
  if (!request.wants_language_model() || !components.folders().uses_lm()) {
    return take_as_asked(request, batches);
  }
  const auto loaded = components.language_model();
  lm::EagerDecoder decoder(loaded->model);
  const lm::LanguageModel model{decoder, loaded->tables};
  const auto compat = global.defined() ? text::Compat::kReference : text::Compat::kFixed;
  const BatchComposer composer{model, *this, compat, components.policy(), passes};
  for (Batch& batch : batches) {
    if (batch.compositions.empty()) composer.compose(request, batch);
  }
}

}  // namespace acestep::pipeline
