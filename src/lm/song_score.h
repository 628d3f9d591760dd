// How well a song's audio codes fit its words: what the language model would guess from the codes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "lm/target_reader.h"
#include "text/metadata.h"

namespace acestep::lm {

// Share of a text that is among the model's best guesses.
struct Recall {
  double weighted = 0.0;  // a token counts 1 - (rank - 1) / k, rank 1 … k; 0 beyond
  // Share of tokens whose rank is at most k = 1, 2, …; empty for a text without tokens.
  std::map<int64_t, double> by_rank = {};
};
Recall top_k_recall(TargetReader& reader, const std::string& prompt, const std::string& target,
                    int64_t k);

// Mean of the natural logarithms of the tokens' probabilities; -inf for a text without tokens.
double mean_log_probability(TargetReader& reader, const std::string& prompt,
                            const std::string& target);

// 1 / (1 + exp(-difference / scale)): a difference of log-probabilities from 0 to 1.
double to_unit(double difference, double scale);

struct ScoreOptions {
  double scale = 0.1;  // > 0; smaller tells small differences more sharply
  int64_t top_k = 10;  // guesses that count for metadata
};

struct ScoredSong {
  std::string audio_codes;  // "<|audio_code_N|>…"
  std::string caption;
  std::string lyrics;       // empty: not scored
  text::Metadata metadata;  // bpm, duration, genres, keyscale, language, timesignature; a caption
                            // here replaces the one above
};

// By condition, each from 0 to 1: recall of metadata; caption and lyrics by how much more probable
// the codes make them. 0.5 means that the codes tell nothing.
using ConditionScores = std::map<std::string, double>;

// Called before each condition is scored; may throw to stop.
using ScoreObserver = std::function<void(int64_t done, int64_t of)>;

// The caption is always scored, also an empty one (reference: lm_score.py).
ConditionScores score_song(const models::Qwen3Lm& model, const text::Tokenizer& tokenizer,
                           const ScoredSong& song, const ScoreOptions& options = {},
                           const ScoreObserver& observer = {});

// One number: caption 0.5, lyrics 0.3, the mean of the rest 0.2, of those that are there; 0 for
// none.
double total_score(const ConditionScores& scores);

}  // namespace acestep::lm
