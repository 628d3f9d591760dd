#include "text/lm_prompt.h"

#include <gmock/gmock.h>

namespace acestep::text {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

TEST(LmPrompt, CotPromptHoldsCaptionAndLyrics) {
  EXPECT_THAT(cot_prompt({"c", "l"}),
              EndsWith("user\n# Caption\nc\n\n# Lyric\nl\n<|im_end|>\n<|im_start|>assistant\n"));
}

TEST(LmPrompt, CodesPromptLeavesTheTurnOpen) {
  EXPECT_THAT(codes_prompt({"c", "l"}, "<think>\nbpm: 1\n</think>"),
              EndsWith("assistant\n<think>\nbpm: 1\n</think>\n\n"));
}

TEST(LmPrompt, UncondSaysNoUserInput) {
  EXPECT_THAT(codes_uncond_prompt({"c", "l"}), HasSubstr("user\nNO USER INPUT<|im_end|>"));
}

TEST(LmPrompt, UncondTakesAMeaningfulNegative) {
  EXPECT_THAT(codes_uncond_prompt({"c", "l", "hiss"}), HasSubstr("user\nhiss<|im_end|>"));
}

TEST(LmPrompt, BatchesUseTheFormOfPhaseTwo) {
  const LmPrompt prompt{"c", "l"};
  EXPECT_EQ(uncond_prompt(prompt, LmPhase::kCot, LmBatch::kBatch), codes_uncond_prompt(prompt));
  EXPECT_EQ(uncond_prompt(prompt, LmPhase::kCot, LmBatch::kSingle), cot_uncond_prompt(prompt));
}

TEST(LmPrompt, FormatPromptEndsWithoutLineBreak) {
  EXPECT_THAT(format_prompt("c", "l"), HasSubstr("# Lyric\nl<|im_end|>"));
}

TEST(LmPrompt, InspirePromptSaysWhetherItIsSung) {
  EXPECT_THAT(inspire_prompt("q", Vocals::kInstrumental), HasSubstr("q\n\ninstrumental: true<"));
}

}  // namespace
}  // namespace acestep::text
