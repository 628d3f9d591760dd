// Kind lm/scoring: recall, log-probabilities, scores by condition and their total.
#include "golden/lm/scoring.h"

#include <cmath>

#include "golden/lm/kinds.h"
#include "golden/lm/lm_model.h"
#include "lm/song_score.h"
#include "text/lm_prompt.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

constexpr double kLogitsBound = 3e-4;  // of log-probabilities (golden/lm/README.md)
constexpr double kSumBound = 1e-12;    // of sums in another order

text::Metadata metadata_of(const json& entry) {
  text::Metadata metadata;
  if (entry.is_null()) return metadata;
  for (const auto& [name, value] : entry.items()) {
    if (value.is_number_integer()) metadata[name] = value.get<int64_t>();
    if (value.is_string()) metadata[name] = value.get<std::string>();
  }
  return metadata;
}

// How far a score may be off where its two log-probabilities are: to_unit() has slope s(1-s)/scale.
double score_bound(double score, double scale) {
  constexpr double kLogProbabilities = 2.0;
  return 1e-6 + kLogProbabilities * kLogitsBound * score * (1.0 - score) / scale;
}

void check_target(const GoldenLm& lm, const json& entry, const std::string& name, Check& check) {
  const auto target = entry.at("target").get<std::string>();
  const std::string prompt = text::understand_prompt(entry.at("codes").get<std::string>());
  lm::TargetReader reader(lm.model, lm.tokenizer);
  const lm::Recall recall =
      lm::top_k_recall(reader, prompt, target, entry.at("topk").get<int64_t>());
  check.measured(name + ", recall",
                 std::abs(recall.weighted - entry.at("topk_recall").get<double>()), kSumBound);
  json by_rank = json::object();
  for (const auto& [rank, share] : recall.by_rank) by_rank[std::to_string(rank)] = share;
  check.equal(name + ", recall by rank", by_rank, entry.at("recall_per_k"));
  const double mean = lm::mean_log_probability(reader, prompt, target);
  if (entry.at("log_prob") == "-inf") {
    check.equal(name + ", no tokens", mean < 0.0 && std::isinf(mean), true);
  } else {
    check.measured(name + ", log-probability", std::abs(mean - entry["log_prob"].get<double>()),
                   kLogitsBound);
  }
}

void check_scores(const GoldenLm& lm, const json& entry, const std::string& name, Check& check) {
  const double scale = entry.at("scale");
  const lm::ConditionScores scores = lm::score_song(lm.model, lm.tokenizer,
                                                    {.audio_codes = entry.at("codes"),
                                                     .caption = entry.at("caption"),
                                                     .lyrics = entry.at("lyrics"),
                                                     .metadata = metadata_of(entry.at("metadata"))},
                                                    {.scale = scale, .top_k = entry.at("topk")});
  check.equal(name + ", conditions", scores.size(), entry.at("scores").size());
  for (const auto& [condition, score] : scores) {
    const double expected = entry.at("scores").at(condition);
    const bool is_weighed = condition == "caption" || condition == "lyrics";
    check.measured(name + ", " + condition, std::abs(score - expected),
                   is_weighed ? score_bound(expected, scale) : kSumBound);
  }
  check.measured(name + ", total",
                 std::abs(lm::total_score(scores) - entry.at("total").get<double>()),
                 score_bound(0.5, scale));
}

}  // namespace

void run_scoring(const Case& the_case, Check& check) {
  const GoldenLm lm(lm_folder(the_case, "model"), lm::kDurationMaxSeconds);
  check_alignments(the_case, lm.tokenizer, check);
  for (std::size_t i = 0; i < the_case.data.at("lm").size(); ++i) {
    const json& entry = the_case.data["lm"][i];
    const std::string name = "lm " + std::to_string(i);
    check_target(lm, entry, name, check);
    check_scores(lm, entry, name, check);
    check.count();
  }
  for (const json& row : the_case.data.at("pmi")) {
    check.measured("pmi " + row.dump(),
                   std::abs(lm::to_unit(row[0], row[1]) - row[2].get<double>()), kSumBound);
    check.count();
  }
  for (const json& row : the_case.data.at("reward")) {
    const auto scores = row.at("in").get<lm::ConditionScores>();
    check.measured("reward " + row.dump(),
                   std::abs(lm::total_score(scores) - row.at("out").get<double>()), kSumBound);
    check.count();
  }
}

}  // namespace acestep::golden
