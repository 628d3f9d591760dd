#include "text/dit_prompt.h"

#include <gtest/gtest.h>

namespace acestep::text {
namespace {

TEST(FormatMetas, NothingGivenReadsNotAvailable) {
  EXPECT_EQ(format_metas(Metadata()),
            "- bpm: N/A\n- timesignature: N/A\n- keyscale: N/A\n- duration: 30 seconds\n");
}

TEST(FormatMetas, CutsDecimalsOfTheDuration) {
  const Metadata metadata = dit_metadata({int64_t{100}, "C major", "4", 33.9});
  EXPECT_EQ(format_metas(metadata),
            "- bpm: 100\n- timesignature: 4\n- keyscale: C major\n- duration: 33 seconds\n");
}

TEST(FormatInstruction, EndsWithOneColon) {
  EXPECT_EQ(format_instruction("Do it"), "Do it:");
  EXPECT_EQ(format_instruction("Do it:"), "Do it:");
}

TEST(FormatTextPrompt, EndsWithALineBreakBehindTheMark) {
  EXPECT_EQ(format_text_prompt("I:", "c", "m\n"),
            "# Instruction\nI:\n\n# Caption\nc\n\n# Metas\nm\n<|endoftext|>\n");
}

TEST(DitPrompt, MetadataMayNameCaptionAndLanguage) {
  const DitPrompt prompt = dit_prompt({.instruction = "",
                                       .caption = "old",
                                       .lyrics = "la",
                                       .language = "en",
                                       .metas = Metadata{{"caption", "new"}, {"language", "de"}}});
  EXPECT_EQ(caption_of_text_prompt(prompt.text), "new");
  EXPECT_EQ(prompt.lyrics, "# Languages\nde\n\n# Lyric\nla<|endoftext|>");
}

TEST(FormatLegoCaption, SegmentsHaveNoGlobalLine) {
  EXPECT_EQ(format_lego_caption({"Generate A Segment of it:", "l", "g", MaskControl::kExplicit}),
            "Local: l\nMask Control: true");
  EXPECT_EQ(format_lego_caption({"Generate it:", "l", "g", MaskControl::kAuto}),
            "Global: g\nLocal: l\nMask Control: false");
}

}  // namespace
}  // namespace acestep::text
