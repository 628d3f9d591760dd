#include <spdlog/spdlog.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/review_call.h"
#include "pipeline/song_names.h"
#include "request/sung_words.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using nlohmann::json;
using pipeline::RankBy;

// What the song can be scored by; why the rest is left out is told.
pipeline::ReviewOptions choose_scores(const ReviewedSong& song, const lm::ScoreOptions& options) {
  const song::Composition& composition = song.composition;
  std::string no_lyrics;
  if (!request::has_sung_words(composition.lyrics)) {
    no_lyrics = "the song is instrumental";
  } else if (!song.latents) {
    no_lyrics = "there is no " +
                pipeline::beside(song.song_file, pipeline::kLatentsSuffix).string() +
                ", which --save_latents writes";
  }
  std::string no_codes;
  if (composition.audio_codes.empty()) {
    no_codes = "the song was made without audio codes";
  } else if (!song.prepared.models.uses_lm()) {
    no_codes = "it needs a language model, see --lm_model_path";
  }
  if (!no_lyrics.empty() && !no_codes.empty()) {
    throw Error(ErrorCode::kUsage,
                song.file.string() + ": nothing can be scored: no lyrics: " + no_lyrics +
                    "; no codes: " + no_codes,
                "give a song with lyrics and latents, or one with audio codes");
  }
  if (!no_lyrics.empty()) spdlog::warn("the lyrics are not scored: {}", no_lyrics);
  if (!no_codes.empty()) spdlog::warn("the audio codes are not scored: {}", no_codes);
  const RankBy by = !no_lyrics.empty()  ? RankBy::kCodes
                    : !no_codes.empty() ? RankBy::kLyrics
                                        : RankBy::kAll;
  return {.scores = true, .by = by, .lm = options};
}

void print_part(const json& part, const char* name) {
  if (part.is_null()) return;
  std::cout << name << ": " << part.at("score").get<double>() << '\n';
  const json& details = part.contains("by_condition") ? part.at("by_condition") : part;
  for (const auto& [key, value] : details.items()) {
    if (key != "score") std::cout << "  " << key << ": " << value.get<double>() << '\n';
  }
}

int run(const CommandCall& call) {
  constexpr double kSmallestScale = 0.01;
  constexpr int64_t kMostGuesses = 1000;
  lm::ScoreOptions options;
  options.scale = call.real("score_scale", options.scale, kSmallestScale, 1.0);
  options.top_k = call.integer("topk", options.top_k, 1, kMostGuesses);
  const ReviewedSong song = prepare_review(call, NeedsLanguageModel::kYes);
  const pipeline::Review review = review_song(song, choose_scores(song, options), call);
  json scores = scores_json(review);
  if (song.prepared.settings().json) {
    scores["file"] = song.file.string();
    scores["success"] = true;
    std::cout << scores.dump(2) << '\n';
    return 0;
  }
  if (!scores.at("score").is_null()) {
    std::cout << "score: " << scores.at("score").get<double>() << '\n';
  }
  print_part(scores.at("lyrics"), "lyrics");
  print_part(scores.at("lm"), "codes");
  return 0;
}

}  // namespace

Command score_command() {
  std::vector<std::string> fields = review_field_names();
  fields.insert(fields.end(), {"lm_quantization", "backend"});
  return {
      .name = "score",
      .summary = "how well a song sings its lyrics and its codes fit its words, from 0 to 1",
      .details =
          "lyrics: whether every word is heard, in order, where the transformer's attention is\n"
          "(coverage, monotonicity, confidence); noise_score is the same before the song was "
          "there.\n"
          "codes: how well the language model guesses the metadata from the audio codes, and how "
          "much\n"
          "likelier they make caption and lyrics; 0.5 says that they tell nothing. Needs the "
          "song's\n"
          "record; for the lyrics its latents, for the codes a language model. Without either it "
          "ends\n"
          "with exit code 2. docs/LYRICS.md tells more.",
      .arguments = {{"FILE", "a song with what was written beside it, or its NAME.json"}},
      .options = {{.name = "score_scale",
                   .value = "X",
                   .help = "codes: smaller tells small differences more sharply, 0.01 … 1",
                   .fallback = "0.1"},
                  {.name = "topk",
                   .value = "N",
                   .help = "codes: guesses that count for metadata, 1 … 1000",
                   .fallback = "10"}},
      .fields = fields,
      .examples = {{"acestep score song.flac", "one song"},
                   {"acestep generate -c ballad.json -b 8 --keep_best 1 -o best.flac",
                    "the best of eight"}},
      .run = run};
}

}  // namespace acestep::cli
