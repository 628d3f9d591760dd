#include "pipeline/review.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

#include "util/error.h"

namespace acestep::pipeline {
namespace {

using nlohmann::json;

std::string number_text(const json& score) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.4f", score.get<double>());
  return text;
}

json lyric_json(const alignment::LyricScore& score) {
  return {{"score", score.total},
          {"coverage", score.coverage},
          {"monotonicity", score.monotonicity},
          {"confidence", score.confidence}};
}

}  // namespace

RankBy parse_rank_by(const std::string& name) {
  if (name == "score") return RankBy::kAll;
  if (name == "lyrics") return RankBy::kLyrics;
  if (name == "lm") return RankBy::kCodes;
  throw Error(ErrorCode::kUsage, "by '" + name + "' is not known", "use score, lyrics or lm");
}

std::optional<double> Review::score(RankBy by) const {
  double sum = 0.0;
  int count = 0;
  if (by != RankBy::kCodes && lyric_score) {
    sum += lyric_score->total;
    ++count;
  }
  if (by != RankBy::kLyrics && code_scores) {
    sum += lm::total_score(*code_scores);
    ++count;
  }
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

std::vector<std::size_t> best_songs(const std::vector<Review>& reviews, int64_t keep, RankBy by) {
  constexpr double kNoScore = -1.0;
  std::vector<std::size_t> places(reviews.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  if (keep <= 0 || static_cast<std::size_t>(keep) >= places.size()) return places;
  std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
    return reviews[a].score(by).value_or(kNoScore) > reviews[b].score(by).value_or(kNoScore);
  });
  places.resize(static_cast<std::size_t>(keep));
  std::sort(places.begin(), places.end());
  return places;
}

json scores_json(const Review& review) {
  json scores = {{"score", nullptr}, {"lyrics", nullptr}, {"lm", nullptr}};
  if (const std::optional<double> score = review.score()) scores["score"] = *score;
  if (review.lyric_score) {
    scores["lyrics"] = lyric_json(*review.lyric_score);
    if (review.before_song) scores["lyrics"]["noise_score"] = review.before_song->total;
  }
  if (review.code_scores) {
    scores["lm"] = {{"score", lm::total_score(*review.code_scores)},
                    {"by_condition", *review.code_scores}};
  }
  return scores;
}

std::string scores_text(const json& scores) {
  if (scores.at("score").is_null()) return "none";
  std::string parts;
  for (const char* part : {"lyrics", "lm"}) {
    if (scores.at(part).is_null()) continue;
    parts += (parts.empty() ? "" : ", ") + std::string(part) + " " +
             number_text(scores.at(part).at("score"));
  }
  return number_text(scores.at("score")) + " (" + parts + ")";
}

}  // namespace acestep::pipeline
