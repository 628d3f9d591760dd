#include "lm/composer.h"

#include <algorithm>
#include <utility>

#include "lm/given_metadata.h"
#include "lm/metadata_field.h"
#include "text/lm_metadata.h"
#include "text/lm_output.h"
#include "util/error.h"

namespace acestep::lm {
namespace {

// Most tokens of a pass whose length is open (reference: llm_inference.py, PyTorch back end).
constexpr int64_t kFallbackTokens = 4096;
// Songs per group of a batch (reference: inference.py lm_batch_chunk_size).
constexpr size_t kReferenceGroup = 8;
// An unconditional row is worth computing only above this scale.
constexpr double kNoGuidance = 1.0;

text::LmPrompt prompt_of(const ComposeRequest& request) {
  return {request.caption, request.lyrics, request.negative_prompt};
}

TokenObserver observe_phase(const ComposeObserver& observer, Phase phase, int64_t tokens_max) {
  if (!observer) return {};
  return [&observer, phase, tokens_max](int64_t done, int64_t) {
    observer({phase, done, tokens_max});
  };
}

// The target that the codes must reach: the user's, or else what the metadata says.
std::optional<double> target_of(const ComposeRequest& request, const text::Metadata& metadata) {
  if (request.target_seconds && *request.target_seconds > 0) return request.target_seconds;
  const text::MetadataValue& duration = text::value_of(metadata, "duration");
  if (!text::is_filled(duration)) return request.target_seconds;
  const std::optional<double> seconds = text::to_float(duration);
  return seconds && *seconds > 0 ? seconds : request.target_seconds;
}

// Without the grammar the model may name any length.
void check_chosen_duration(const text::Metadata& metadata) {
  const text::MetadataValue& duration = text::value_of(metadata, "duration");
  const std::optional<double> seconds = text::to_float(duration);
  if (!seconds || *seconds <= 0) return;
  if (*seconds >= kDurationMinSeconds && *seconds <= kDurationMaxSeconds) return;
  throw Error(ErrorCode::kRejected,
              "language model: it chose a duration of " + text::to_text(duration) +
                  " seconds, allowed: " + std::to_string(kDurationMinSeconds) + " … " +
                  std::to_string(kDurationMaxSeconds),
              "Give a duration, try another seed, or leave constrained decoding on.");
}

bool runs_phase_1(const ComposeRequest& request) {
  return request.use_cot_metas && !text::has_all_metas(request.given);
}

PassRequest cot_pass(const ComposeRequest& request) {
  PassRequest pass;
  pass.prompt = text::cot_prompt(prompt_of(request));
  pass.sampling = request.sampling;
  pass.max_new_tokens =
      text::max_new_tokens({std::nullopt, Phase::kCot, kFallbackTokens}, request.limits);
  if (!request.use_constrained_decoding) return pass;
  GrammarOptions grammar;
  grammar.phase = Phase::kCot;
  grammar.stops_at_reasoning = true;
  grammar.skips_caption = !request.use_cot_caption;
  grammar.skips_language = !request.use_cot_language;
  grammar.given = given_values(request.given);
  grammar.compat = request.compat;
  pass.grammar = grammar;
  return pass;
}

PassRequest codes_pass(const ComposeRequest& request, const text::Metadata& metadata) {
  const std::optional<double> target = target_of(request, metadata);
  text::LmLimits limits = request.limits;
  // The reference cuts the tokens at the limit but not the codes asked for; here the limit gives
  // way.
  if (request.compat == Compat::kFixed && target) {
    limits.max_duration_seconds = std::max(limits.max_duration_seconds, *target);
  }
  PassRequest pass;
  pass.prompt = text::codes_prompt(prompt_of(request),
                                   text::format_metadata_as_cot(metadata, request.compat));
  pass.cfg_scale = request.cfg_scale;
  if (request.cfg_scale > kNoGuidance) {
    pass.unconditional_prompt = text::codes_uncond_prompt(prompt_of(request));
  }
  pass.sampling = request.sampling;
  pass.max_new_tokens = text::max_new_tokens({target, Phase::kCodes, kFallbackTokens}, limits);
  if (!request.use_constrained_decoding) return pass;
  GrammarOptions grammar;
  grammar.phase = Phase::kCodes;
  grammar.skips_caption = true;
  grammar.skips_language = true;
  grammar.target_seconds = target;
  grammar.compat = request.compat;
  pass.grammar = grammar;
  return pass;
}

// What one song needs while its passes run.
struct Composing {
  const LanguageModel& model;
  const ComposeRequest& request;
  const ComposeObserver& observer;

  const PassResult& run(PassRequest pass, Phase phase, int64_t tokens_max,
                        const at::Generator& generator, Composition& song) const {
    PassResult result =
        run_pass(model, pass, generator, observe_phase(observer, phase, tokens_max));
    if (result.text.empty()) {
      throw Error(ErrorCode::kRejected, "language model: a pass ended without any text",
                  "Try another seed or a higher temperature.");
    }
    song.passes.push_back({std::move(pass), std::move(result)});
    return song.passes.back().result;
  }

  // Phase 1, or what stands in its place.
  void think(const at::Generator& generator, Composition& song) const {
    if (!runs_phase_1(request)) {
      song.metadata = without_nulls(request.given);
      const bool fails_in_reference = request.given.empty() && request.compat == Compat::kReference;
      if (fails_in_reference) {
        throw Error(ErrorCode::kUsage,
                    "use_cot_metas is off and no metadata is given: the reference fails here",
                    "Give bpm, keyscale, timesignature or duration, or leave --compat off.");
      }
      return;
    }
    PassRequest pass = cot_pass(request);
    const int64_t tokens_max = pass.max_new_tokens;
    const PassResult& result = run(std::move(pass), Phase::kCot, tokens_max, generator, song);
    song.metadata = text::parse_lm_output(result.text, request.compat).metadata;
    const bool chooses_duration = !request.target_seconds || *request.target_seconds <= 0;
    if (chooses_duration && request.compat == Compat::kFixed) check_chosen_duration(song.metadata);
  }

  // Phase 2 behind the metadata of phase 1.
  void write_codes(const text::Metadata& metadata, const at::Generator& generator,
                   Composition& song) const {
    PassRequest pass = codes_pass(request, metadata);
    const std::optional<double> target = pass.grammar ? pass.grammar->target_seconds : std::nullopt;
    const int64_t tokens_max = text::target_codes(target).value_or(pass.max_new_tokens);
    const PassResult& result = run(std::move(pass), Phase::kCodes, tokens_max, generator, song);
    song.audio_codes_text = text::parse_lm_output(result.text, request.compat).audio_codes;
    for (const int64_t id : result.new_ids) {
      const int64_t code = model.tables.audio_code(id);
      if (code >= 0) song.audio_codes.push_back(code);
    }
  }

  // What of the metadata replaces the user's own words.
  void take_words(Composition& song) const {
    const text::MetadataValue& caption = text::value_of(song.metadata, "caption");
    if (request.use_cot_caption && !text::is_null(caption)) song.caption = text::to_text(caption);
    const std::string language = text::language_from_lm(song.metadata, request.compat);
    if (request.use_cot_language && !language.empty()) song.language = language;
  }
};

}  // namespace

std::optional<PassRequest> first_pass(const ComposeRequest& request) {
  if (runs_phase_1(request)) return cot_pass(request);
  if (request.goal != ComposeGoal::kMetadataAndCodes) return std::nullopt;
  return codes_pass(request, without_nulls(request.given));
}

Composition compose(const LanguageModel& model, const ComposeRequest& request,
                    at::Generator generator, const ComposeObserver& observer) {
  if (request.compat == Compat::kFixed) check_given(request.given);
  const Composing composing{model, request, observer};
  Composition song;
  composing.think(generator, song);
  if (request.goal == ComposeGoal::kMetadataAndCodes) {
    composing.write_codes(song.metadata, generator, song);
  }
  composing.take_words(song);
  return song;
}

std::vector<Composition> compose_reference_batch(const LanguageModel& model,
                                                 const ComposeRequest& request,
                                                 at::Generator global_generator,
                                                 const std::vector<uint64_t>& seeds,
                                                 const ComposeObserver& observer) {
  const Composing composing{model, request, observer};
  std::vector<Composition> songs;
  for (size_t first = 0; first < seeds.size(); first += kReferenceGroup) {
    const size_t last = std::min(first + kReferenceGroup, seeds.size());
    Composition thought;
    composing.think(global_generator, thought);
    for (size_t i = first; i < last; ++i) {
      Composition song;
      if (i == first) song.passes = thought.passes;
      if (request.goal == ComposeGoal::kMetadataAndCodes) {
        if (last - first > 1) global_generator.set_current_seed(seeds[i]);
        composing.write_codes(thought.metadata, global_generator, song);
      }
      song.metadata = songs.empty() ? thought.metadata : songs.front().metadata;
      composing.take_words(song);
      songs.push_back(std::move(song));
    }
  }
  return songs;
}

}  // namespace acestep::lm
