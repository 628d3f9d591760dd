#include "alignment/lyric_times.h"

#include <gmock/gmock.h>

#include "unit/alignment/maps.h"

namespace acestep::alignment {
namespace {

using ::testing::ElementsAre;

// One frame a token, one second a frame.
LyricTimes time_pieces(const std::vector<std::string>& pieces) {
  const auto count = static_cast<int64_t>(pieces.size());
  SungLyrics song{.seconds = static_cast<double>(count), .frames = count};
  std::vector<WarpStep> path;
  for (int64_t i = 0; i < count; ++i) {
    song.ids.push_back(i);
    path.push_back({i, i});
  }
  return time_lyrics(song, path, decode_with(pieces));
}

std::vector<std::string> line_texts(const LyricTimes& times) {
  std::vector<std::string> texts;
  for (const LineTime& line : times.lines) texts.push_back(line.text);
  return texts;
}

std::vector<std::string> word_texts(const LineTime& line) {
  std::vector<std::string> texts;
  for (const WordTime& word : line.words) texts.push_back(word.text);
  return texts;
}

TEST(TimeLyrics, EndsALineAtATokenWithANewline) {
  const LyricTimes times = time_pieces({"[Verse", "]\n", "good", " day", "\n\n", "bye"});
  EXPECT_THAT(line_texts(times), ElementsAre("[Verse]", "good day", "bye"));
  EXPECT_EQ(times.lines[1].start, 2.0);
  EXPECT_EQ(times.lines[1].end, 4.0);
  EXPECT_EQ(times.lines[2].start, 5.0);
}

TEST(TimeLyrics, LeavesOutLinesWithoutText) {
  EXPECT_THAT(line_texts(time_pieces({"\n", "a", "\n", " ", "\n"})), ElementsAre("a"));
}

TEST(TimeLyrics, MeasuresFromTheFirstToTheLastFrame) {
  const LyricTimes times =
      time_lyrics({.ids = {0, 1}, .seconds = 2.0, .frames = 8},
                  {{0, 0}, {0, 1}, {0, 2}, {1, 3}, {1, 7}}, decode_with({"a\n", "b"}));
  EXPECT_EQ(times.tokens[0].end, 0.5);
  EXPECT_EQ(times.tokens[1].start, 0.75);
  EXPECT_EQ(times.tokens[1].end, 1.75);
}

TEST(TimeLyrics, ATokenOffThePathBeginsWhereTheLastOneEnded) {
  const LyricTimes times = time_lyrics({.ids = {0, 1, 2}, .seconds = 4.0, .frames = 4},
                                       {{0, 0}, {0, 1}, {2, 3}}, decode_with({"a", "b", "c"}));
  EXPECT_EQ(times.tokens[1].start, 1.0);
  EXPECT_EQ(times.tokens[1].end, 1.0);
}

TEST(TimeLyrics, LyricsWithoutTokensHaveNoLines) {
  EXPECT_THAT(time_lyrics({.ids = {}, .seconds = 1.0, .frames = 1}, {}, decode_with({})).lines,
              ::testing::IsEmpty());
}

TEST(TimeLyrics, JoinsTokensToWords) {
  const LyricTimes times = time_pieces({"h", "el", "lo", " mor", "ning", "\n"});
  ASSERT_EQ(times.lines.size(), 1U);
  EXPECT_THAT(word_texts(times.lines[0]), ElementsAre("hello", "morning"));
  EXPECT_EQ(times.lines[0].words[1].start, 3.0);
  EXPECT_EQ(times.lines[0].words[1].end, 4.0);
}

TEST(TimeLyrics, EveryHanCharacterIsAWord) {
  EXPECT_THAT(word_texts(time_pieces({"夜", "空", "の", "星"}).lines[0]),
              ElementsAre("夜", "空", "の", "星"));
}

TEST(TimeLyrics, ACharacterOfSeveralTokensIsOneWord) {
  const LyricTimes times = time_pieces({"\xE5\xA4", "\x9C", "空"});
  EXPECT_THAT(word_texts(times.lines[0]), ElementsAre("夜", "空"));
  EXPECT_EQ(times.lines[0].words[0].end, 1.0);
}

TEST(TokenTexts, TheFirstPartOfACharacterBringsTheReplacement) {
  EXPECT_THAT(token_texts({0, 1, 2}, decode_with({"\xE5\xA4", "\x9C", "x"})),
              ElementsAre("\xEF\xBF\xBD", "", "x"));
}

}  // namespace
}  // namespace acestep::alignment
