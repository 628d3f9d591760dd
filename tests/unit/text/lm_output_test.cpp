#include "text/lm_output.h"

#include <gtest/gtest.h>

namespace acestep::text {
namespace {

std::string field(const char* text, const char* key, Compat compat = Compat::kFixed) {
  return to_text(value_of(parse_lm_output(text, compat).metadata, key));
}

TEST(ParseLmOutput, ReadsFieldsAndCodes) {
  const LmOutput output = parse_lm_output(
      "<think>\nbpm: 90\nLanguage: en\n</think>\n<|audio_code_1|> <|audio_code_2|>");
  EXPECT_EQ(output.metadata.at("bpm"), MetadataValue(int64_t{90}));
  EXPECT_EQ(output.metadata.at("language"), MetadataValue("en"));
  EXPECT_EQ(output.audio_codes, "<|audio_code_1|><|audio_code_2|>");
}

TEST(ParseLmOutput, ReadsAnOpenThought) { EXPECT_EQ(field("<think>\nbpm: 7", "bpm"), "7"); }

TEST(ParseLmOutput, JoinsCaptionLines) {
  EXPECT_EQ(field("<think>\ncaption: a\n  b\n</think>", "caption"), "a b");
}

TEST(ParseLmOutput, FixedTakesOffQuotes) {
  const char* text = "<think>\nlanguage: 'no'\ncaption: 'it''s: a\n  song'\n</think>";
  EXPECT_EQ(field(text, "language"), "no");
  EXPECT_EQ(field(text, "caption"), "it's: a song");
  EXPECT_EQ(field(text, "language", Compat::kReference), "'no'");
}

TEST(ParseLmOutput, FixedIgnoresWhatFollowsANumber) {
  const char* text = "<think>\nbpm: 61\n Caption: indented\n</think>";
  EXPECT_EQ(field(text, "bpm"), "61");
  EXPECT_EQ(field(text, "bpm", Compat::kReference), "61\n Caption: indented");
}

TEST(ExtractLyrics, TakesOffHeadingAndEnd) {
  EXPECT_EQ(extract_lyrics("x</think>\n\n# Lyric\n\n[Verse]\nla\n<|im_end|>\n"), "[Verse]\nla");
}

TEST(ExtractLyrics, NeedsTheEndOfTheThought) { EXPECT_EQ(extract_lyrics("# Lyric\nla"), ""); }

TEST(PostprocessCaption, DropsEmptyLines) { EXPECT_EQ(postprocess_caption(" a\n\n b "), "a b"); }

}  // namespace
}  // namespace acestep::text
