#include "alignment/lyric_files.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "util/error.h"

namespace acestep::alignment {
namespace {

LyricTimes two_lines() {
  return {.seconds = 70.0,
          .lines = {{.text = "good day",
                     .start = 1.5,
                     .end = 3.25,
                     .words = {{"good", 1.5, 2.0}, {"day", 2.25, 3.25}}},
                    {.text = "a < b & c", .start = 61.004, .end = 61.004}}};
}

TEST(WriteLyrics, LrcHasALineEach) {
  EXPECT_EQ(write_lyrics(two_lines(), LyricFormat::kLrc),
            "[00:01.50]good day\n[01:01.00]a < b & c");
}

TEST(WriteLyrics, LrcTellsEndsWhenAsked) {
  EXPECT_EQ(write_lyrics(two_lines(), LyricFormat::kLrc, LineEnds::kWritten),
            "[00:01.50][00:03.25]good day\n[01:01.00][01:01.00]a < b & c");
}

TEST(WriteLyrics, LrcNeverHasSixtySeconds) {
  EXPECT_EQ(
      write_lyrics({.seconds = 60, .lines = {{.text = "x", .start = 59.999}}}, LyricFormat::kLrc),
      "[01:00.00]x");
}

TEST(WriteLyrics, EnhancedLrcMarksWords) {
  EXPECT_EQ(write_lyrics(two_lines(), LyricFormat::kEnhancedLrc, LineEnds::kWritten),
            "[00:01.50]<00:01.50>good <00:02.25>day<00:03.25>\n"
            "[01:01.00]a < b & c<01:01.00>");
}

TEST(WriteLyrics, VttEscapesMarkupAndGivesEveryCueALength) {
  EXPECT_EQ(write_lyrics(two_lines(), LyricFormat::kVtt),
            "WEBVTT\n\n1\n00:00:01.500 --> 00:00:03.250\ngood day\n\n"
            "2\n00:01:01.004 --> 00:01:10.000\na &lt; b &amp; c\n\n");
}

TEST(WriteLyrics, SrtHasCommas) {
  EXPECT_EQ(write_lyrics(two_lines(), LyricFormat::kSrt),
            "1\n00:00:01,500 --> 00:00:03,250\ngood day\n\n"
            "2\n00:01:01,004 --> 00:01:10,000\na < b & c\n\n");
}

TEST(WriteLyrics, JsonHasWords) {
  const auto object = nlohmann::json::parse(write_lyrics(two_lines(), LyricFormat::kJson));
  EXPECT_EQ(object.at("seconds"), 70.0);
  EXPECT_EQ(object.at("lines").at(0).at("words").at(1).at("text"), "day");
  EXPECT_EQ(object.at("lines").at(1).at("start"), 61.004);
}

TEST(WriteLyrics, NoLinesAreNoText) {
  EXPECT_EQ(write_lyrics({.seconds = 3}, LyricFormat::kLrc), "");
  EXPECT_EQ(write_lyrics({.seconds = 3}, LyricFormat::kVtt), "WEBVTT\n\n");
}

TEST(ParseLyricFormat, NamesTheOthers) {
  EXPECT_EQ(parse_lyric_format("elrc"), LyricFormat::kEnhancedLrc);
  EXPECT_EQ(suffix_of(LyricFormat::kEnhancedLrc), ".lrc");
  EXPECT_EQ(suffix_of(LyricFormat::kSrt), ".srt");
  try {
    parse_lyric_format("ass");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_THAT(error.hint(), ::testing::HasSubstr("vtt"));
  }
}

}  // namespace
}  // namespace acestep::alignment
