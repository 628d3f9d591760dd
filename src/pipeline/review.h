// What is known of a song besides its sound: when its lyrics are sung, and how well it turned out.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "alignment/lyric_score.h"
#include "alignment/lyric_times.h"
#include "lm/song_score.h"

namespace acestep::pipeline {

// What songs are compared by. All scores go from 0 to 1.
enum class RankBy {
  kAll,     // the mean of those below that a song has
  kLyrics,  // how well its lyrics are sung
  kCodes,   // how well its audio codes fit its words
};

// "score", "lyrics", "lm"; Error kUsage otherwise.
RankBy parse_rank_by(const std::string& name);

struct ReviewOptions {
  bool times_lyrics = false;
  bool scores = false;    // also what keep_best needs
  int64_t keep_best = 0;  // songs that go on; 0: all
  RankBy by = RankBy::kAll;
  lm::ScoreOptions lm = {};

  bool scores_lyrics() const { return scores && by != RankBy::kCodes; }
  bool scores_codes() const { return scores && by != RankBy::kLyrics; }
  bool listens() const { return times_lyrics || scores_lyrics(); }
};

struct Review {
  std::optional<alignment::LyricTimes> lyrics = {};       // absent: not asked, or instrumental
  std::optional<alignment::LyricScore> lyric_score = {};  // likewise
  std::optional<alignment::LyricScore> before_song = {};  // of the noise that it began with: what
                                                          // the conditions alone give away
  std::optional<lm::ConditionScores> code_scores = {};    // absent: not asked, or no codes

  // Absent where the song has no such score.
  std::optional<double> score(RankBy by = RankBy::kAll) const;
};

// The places of the best `keep` songs, in their order; of equal ones the earlier is kept, and songs
// without a score come last. keep 0: all.
std::vector<std::size_t> best_songs(const std::vector<Review>& reviews, int64_t keep, RankBy by);

// {"score", "lyrics": {…}, "lm": {…}}, null where there is none.
nlohmann::json scores_json(const Review& review);
// "0.4210 (lyrics 0.3012, lm 0.5408)".
std::string scores_text(const nlohmann::json& scores);

}  // namespace acestep::pipeline
