#include "alignment/lyric_score.h"

#include <gmock/gmock.h>

#include "unit/alignment/maps.h"

namespace acestep::alignment {
namespace {

using ::testing::ElementsAre;

TEST(SungTokens, LeavesOutWhatStandsInBrackets) {
  EXPECT_THAT(sung_tokens({0, 1, 2, 3, 4, 5}, decode_with({"a", "[Ver", "se", "]", "b", "[x]"})),
              ElementsAre(true, false, false, false, true, false));
}

TEST(ScoreLyrics, OrderedAttentionIsNearlyPerfect) {
  const LyricScore score = score_lyrics(score_path({diagonal(4, 20)}), {true, true, true, true});
  EXPECT_EQ(score.coverage, 1.0);
  EXPECT_EQ(score.monotonicity, 1.0);
  // From token to token the path turns corners where there is no attention: 80 of 83 steps have it.
  EXPECT_DOUBLE_EQ(score.confidence, 80.0 / 83.0);
  EXPECT_EQ(score.total, 0.9639);
}

TEST(ScoreLyrics, AttentionInReverseIsNot) {
  const AttentionMap ordered = diagonal(4, 20);
  AttentionMap map(4, 80);
  for (int64_t token = 0; token < 4; ++token) {
    const auto row = ordered.row(3 - token);
    std::copy(row.begin(), row.end(), map.row(token).begin());
  }
  const LyricScore score = score_lyrics(score_path({map}), {true, true, true, true});
  EXPECT_EQ(score.monotonicity, 0.0);
  EXPECT_EQ(score.total, 0.0);
}

TEST(ScoreLyrics, AWordThatIsNotHeardLowersCoverage) {
  AttentionMap map = diagonal(4, 20);
  for (float& value : map.row(2)) value *= 0.05F;
  const LyricScore score = score_lyrics(score_path({map}), {true, true, true, true});
  EXPECT_EQ(score.coverage, 0.75);
  EXPECT_LT(score.total, 0.6);
}

TEST(ScoreLyrics, TagsCountForNeitherCoverageNorOrder) {
  AttentionMap map = diagonal(4, 20);
  for (float& value : map.row(2)) value = 0.0F;
  const LyricScore score = score_lyrics(score_path({map}), {true, true, false, true});
  EXPECT_EQ(score.coverage, 1.0);
  EXPECT_EQ(score.monotonicity, 1.0);
}

TEST(ScoreLyrics, NothingSungCountsAsCoveredAndInOrder) {
  const LyricScore score = score_lyrics(score_path({diagonal(2, 3)}), {false, false});
  EXPECT_EQ(score.coverage, 1.0);
  EXPECT_EQ(score.monotonicity, 1.0);
}

TEST(ScoreLyrics, EvenAttentionScoresNothing) {
  EXPECT_EQ(score_lyrics(score_path({make_map({{1, 1}, {1, 1}})}), {true, true}).total, 0.0);
}

}  // namespace
}  // namespace acestep::alignment
