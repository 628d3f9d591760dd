#include "pipeline/review.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "util/error.h"

namespace acestep::pipeline {
namespace {

using ::testing::ElementsAre;

Review review_of(std::optional<double> lyrics, std::optional<double> codes) {
  Review review;
  if (lyrics) review.lyric_score = alignment::LyricScore{.total = *lyrics};
  if (codes) review.code_scores = lm::ConditionScores{{"caption", *codes}};
  return review;
}

TEST(Review, ScoresAreTheMeanOfWhatThereIs) {
  EXPECT_EQ(review_of(0.2, 0.6).score(), 0.4);
  EXPECT_EQ(review_of(0.2, 0.6).score(RankBy::kLyrics), 0.2);
  EXPECT_EQ(review_of(0.2, 0.6).score(RankBy::kCodes), 0.6);
  EXPECT_EQ(review_of(0.2, {}).score(), 0.2);
  EXPECT_EQ(review_of(0.2, {}).score(RankBy::kCodes), std::nullopt);
  EXPECT_EQ(Review().score(), std::nullopt);
}

TEST(BestSongs, AreKeptInTheirOrder) {
  const std::vector<Review> reviews = {review_of(0.1, {}), review_of(0.9, {}), review_of({}, {}),
                                       review_of(0.5, {})};
  EXPECT_THAT(best_songs(reviews, 2, RankBy::kAll), ElementsAre(1, 3));
  EXPECT_THAT(best_songs(reviews, 1, RankBy::kAll), ElementsAre(1));
  EXPECT_THAT(best_songs(reviews, 0, RankBy::kAll), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(best_songs(reviews, 3, RankBy::kAll), ElementsAre(0, 1, 3));
}

TEST(BestSongs, AreChosenByWhatIsAsked) {
  const std::vector<Review> reviews = {review_of(0.1, 0.9), review_of(0.8, 0.1)};
  EXPECT_THAT(best_songs(reviews, 1, RankBy::kLyrics), ElementsAre(1));
  EXPECT_THAT(best_songs(reviews, 1, RankBy::kCodes), ElementsAre(0));
}

TEST(BestSongs, OfEqualOnesTheEarlierIsKept) {
  EXPECT_THAT(best_songs({review_of(0.5, {}), review_of(0.5, {})}, 1, RankBy::kAll),
              ElementsAre(0));
}

TEST(ScoresJson, HasNullsWhereThereIsNothing) {
  EXPECT_EQ(scores_json(Review()),
            (nlohmann::json{{"score", nullptr}, {"lyrics", nullptr}, {"lm", nullptr}}));
  const nlohmann::json both = scores_json(review_of(0.25, 0.75));
  EXPECT_EQ(both.at("score"), 0.5);
  EXPECT_EQ(both.at("lyrics").at("score"), 0.25);
  EXPECT_EQ(both.at("lm").at("by_condition").at("caption"), 0.75);
  EXPECT_EQ(scores_text(both), "0.5000 (lyrics 0.2500, lm 0.7500)");
  EXPECT_EQ(scores_text(scores_json(Review())), "none");
}

TEST(ParseRankBy, NamesTheOthers) {
  EXPECT_EQ(parse_rank_by("lm"), RankBy::kCodes);
  EXPECT_THROW(parse_rank_by("taste"), Error);
}

}  // namespace
}  // namespace acestep::pipeline
