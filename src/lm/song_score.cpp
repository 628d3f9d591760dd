#include "lm/song_score.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "text/lm_prompt.h"
#include "text/yaml_writer.h"

namespace acestep::lm {
namespace {

// Metadata that is guessed rather than weighed.
constexpr std::array<const char*, 6> kRecalled = {"bpm",      "duration", "genres",
                                                  "keyscale", "language", "timesignature"};

std::string thought(const std::string& name, const text::MetadataValue& value) {
  return "<think>\n" + text::write_yaml({{name, value}}) + "</think>\n";
}

// A text whose probability with and without the codes is compared, or one that is recalled.
struct Condition {
  std::string name;
  std::string target;
  bool is_recalled = false;
};

std::vector<Condition> conditions_of(const ScoredSong& song) {
  std::vector<Condition> conditions;
  for (const char* name : kRecalled) {
    const text::MetadataValue& value = text::value_of(song.metadata, name);
    if (!text::is_null(value)) conditions.push_back({name, thought(name, value), true});
  }
  const text::MetadataValue& caption = text::value_of(song.metadata, "caption");
  conditions.push_back(
      {"caption", thought("caption", text::is_null(caption) ? song.caption : caption)});
  if (!song.lyrics.empty()) {
    conditions.push_back({"lyrics", "<think>\n</think>\n# Lyric\n" + song.lyrics + "\n"});
  }
  return conditions;
}

// The largest number of tokens that a condition has behind the prompt, with it.
int64_t most_tokens(const TargetReader& reader, const std::string& prompt,
                    const std::vector<Condition>& conditions) {
  int64_t most = 0;
  for (const Condition& condition : conditions) {
    most = std::max(most, reader.tokens_of(prompt, condition.target));
  }
  return most;
}

}  // namespace

Recall top_k_recall(TargetReader& reader, const std::string& prompt, const std::string& target,
                    int64_t k) {
  std::vector<int64_t> ranks;  // k + 1: not among them
  reader.read(prompt, target, [&](const at::Tensor& logits, const at::Tensor& ids) {
    const at::Tensor best =
        std::get<1>(logits.topk(std::min(k, logits.size(1)))).to(at::kCPU).contiguous();
    const at::Tensor wanted = ids.to(at::kCPU);
    for (int64_t row = 0; row < wanted.size(0); ++row) {
      const int64_t* first = best[row].const_data_ptr<int64_t>();
      const int64_t* end = first + best.size(1);
      const int64_t* found = std::find(first, end, wanted[row].item<int64_t>());
      ranks.push_back(found == end ? k + 1 : found - first + 1);
    }
  });
  Recall recall;
  if (ranks.empty()) return recall;
  const auto tokens = static_cast<double>(ranks.size());
  for (int64_t rank = 1; rank <= k; ++rank) {
    const auto hits =
        std::count_if(ranks.begin(), ranks.end(), [&](int64_t r) { return r <= rank; });
    recall.by_rank[rank] = static_cast<double>(hits) / tokens;
  }
  for (const int64_t rank : ranks) {
    if (rank <= k) recall.weighted += 1.0 - static_cast<double>(rank - 1) / static_cast<double>(k);
  }
  recall.weighted /= tokens;
  return recall;
}

double mean_log_probability(TargetReader& reader, const std::string& prompt,
                            const std::string& target) {
  double sum = 0.0;
  int64_t tokens = 0;
  reader.read(prompt, target, [&](const at::Tensor& logits, const at::Tensor& ids) {
    const at::Tensor chosen = logits.gather(1, ids.unsqueeze(1)).squeeze(1);
    sum += (chosen - logits.logsumexp(1)).sum(at::kDouble).item<double>();
    tokens += ids.size(0);
  });
  return tokens == 0 ? -std::numeric_limits<double>::infinity() : sum / static_cast<double>(tokens);
}

double to_unit(double difference, double scale) {
  return 1.0 / (1.0 + std::exp(-difference / scale));
}

ConditionScores score_song(const models::Qwen3Lm& model, const text::Tokenizer& tokenizer,
                           const ScoredSong& song, const ScoreOptions& options,
                           const ScoreObserver& observer) {
  const std::string prompt = text::understand_prompt(song.audio_codes);
  const std::string without_codes = text::understand_prompt(text::kNoUserInput);
  const std::vector<Condition> conditions = conditions_of(song);
  const auto steps = static_cast<int64_t>(conditions.size());
  TargetReader reader(model, tokenizer,
                      most_tokens(TargetReader(model, tokenizer), prompt, conditions));
  ConditionScores scores;
  std::map<std::string, double> with_codes;
  int64_t done = 0;
  for (const Condition& condition : conditions) {
    if (observer) observer(done++, steps);
    if (condition.is_recalled) {
      scores[condition.name] =
          top_k_recall(reader, prompt, condition.target, options.top_k).weighted;
    } else {
      with_codes[condition.name] = mean_log_probability(reader, prompt, condition.target);
    }
  }
  for (const Condition& condition : conditions) {
    if (condition.is_recalled) continue;
    const double without = mean_log_probability(reader, without_codes, condition.target);
    scores[condition.name] = to_unit(with_codes[condition.name] - without, options.scale);
  }
  if (observer) observer(steps, steps);
  return scores;
}

double total_score(const ConditionScores& scores) {
  // reference: lm_score.py
  constexpr double kCaption = 0.5;
  constexpr double kLyrics = 0.3;
  constexpr double kMetadata = 0.2;
  double weight = 0.0;
  double sum = 0.0;
  double metadata_sum = 0.0;
  int64_t metadata_count = 0;
  const auto add = [&](double share, double score) {
    weight += share;
    sum += share * score;
  };
  for (const auto& [name, score] : scores) {
    if (name == "caption") {
      add(kCaption, score);
    } else if (name == "lyrics") {
      add(kLyrics, score);
    } else {
      metadata_sum += score;
      ++metadata_count;
    }
  }
  if (metadata_count > 0) add(kMetadata, metadata_sum / static_cast<double>(metadata_count));
  return weight > 0.0 ? sum / weight : 0.0;
}

}  // namespace acestep::lm
