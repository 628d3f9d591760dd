#include "lm/sample_flows.h"

#include <utility>

#include "lm/given_metadata.h"
#include "text/lm_output.h"
#include "text/python_text.h"
#include "util/error.h"

namespace acestep::lm {
namespace {

constexpr int64_t kFallbackTokens = 4096;  // reference: llm_inference.py, PyTorch back end
constexpr const char* kInstrumentalLyrics = "[Instrumental]";

struct Flow {
  std::string prompt;
  GivenValues given;
  bool skips_language = false;
};

// Metadata first, then free text: the lyrics.
Sample run_flow(const LanguageModel& model, Flow flow, const SampleOptions& options,
                at::Generator generator, const ComposeObserver& observer) {
  PassRequest request;
  request.prompt = std::move(flow.prompt);
  request.sampling = options.sampling;
  request.max_new_tokens = most_sample_tokens(options.limits);
  if (options.use_constrained_decoding) {
    GrammarOptions grammar;
    grammar.phase = Phase::kUnderstand;
    grammar.skips_genres = false;
    grammar.skips_language = flow.skips_language;
    grammar.given = std::move(flow.given);
    grammar.compat = options.compat;
    request.grammar = grammar;
  }
  TokenObserver on_token;
  if (observer) {
    on_token = [&observer](int64_t done, int64_t max) {
      observer({Phase::kUnderstand, done, max});
    };
  }
  PassResult result = run_pass(model, request, std::move(generator), on_token);
  Sample sample;
  sample.metadata = text::parse_lm_output(result.text, options.compat).metadata;
  const std::string lyrics = text::extract_lyrics(result.text);
  if (!lyrics.empty()) sample.metadata["lyrics"] = lyrics;
  sample.pass = {std::move(request), std::move(result)};
  return sample;
}

// bpm and duration as whole numbers above 0; texts unless they are empty.
GivenValues forced_values(const text::Metadata& given) {
  GivenValues values;
  for (const Field field : {Field::kBpm, Field::kDuration}) {
    const auto number = text::to_integer(text::value_of(given, field_name(field)));
    if (number && *number > 0) values[field] = std::to_string(*number);
  }
  for (const Field field : {Field::kKeyscale, Field::kTimesignature, Field::kLanguage}) {
    const text::MetadataValue& value = text::value_of(given, field_name(field));
    if (text::is_filled(value)) values[field] = text::to_text(value);
  }
  return values;
}

}  // namespace

int64_t most_sample_tokens(const text::LmLimits& limits) {
  return text::max_new_tokens({std::nullopt, Phase::kUnderstand, kFallbackTokens}, limits);
}

Sample understand(const LanguageModel& model, const std::string& audio_codes,
                  const SampleOptions& options, at::Generator generator,
                  const ComposeObserver& observer) {
  if (text::is_blank(audio_codes)) {
    throw Error(ErrorCode::kUsage, "audio codes are empty, expected <|audio_code_N|> …");
  }
  return run_flow(model, {text::understand_prompt(audio_codes), {}, false}, options,
                  std::move(generator), observer);
}

Sample create_sample(const LanguageModel& model, const Wish& wish, const SampleOptions& options,
                     at::Generator generator, const ComposeObserver& observer) {
  const std::string query =
      text::is_blank(wish.query) ? std::string(text::kNoUserInput) : wish.query;
  const auto vocals = wish.is_instrumental ? text::Vocals::kInstrumental : text::Vocals::kSung;
  Flow flow{text::inspire_prompt(query, vocals), {}, false};
  const std::string language = text::strip(wish.language);
  if (!language.empty() && text::to_lower(language) != "unknown") {
    flow.given[Field::kLanguage] = language;
  }
  Sample sample = run_flow(model, std::move(flow), options, std::move(generator), observer);
  const bool has_lyrics = sample.metadata.contains("lyrics");
  if (!has_lyrics && wish.is_instrumental) sample.metadata["lyrics"] = kInstrumentalLyrics;
  sample.metadata["instrumental"] = wish.is_instrumental;
  return sample;
}

Sample format_sample(const LanguageModel& model, const Draft& draft, const SampleOptions& options,
                     at::Generator generator, const ComposeObserver& observer) {
  const std::string caption =
      text::is_blank(draft.caption) ? std::string(text::kNoUserInput) : draft.caption;
  const std::string lyrics = text::is_blank(draft.lyrics) ? kInstrumentalLyrics : draft.lyrics;
  Flow flow{text::format_prompt(caption, lyrics), forced_values(draft.given), false};
  flow.skips_language = flow.given.contains(Field::kLanguage);
  Sample sample = run_flow(model, std::move(flow), options, std::move(generator), observer);
  if (!sample.metadata.contains("lyrics")) sample.metadata["lyrics"] = lyrics;
  return sample;
}

}  // namespace acestep::lm
