#include "text/task.h"

#include <gtest/gtest.h>

namespace acestep::text {
namespace {

TEST(TaskInstruction, NamesTracksInCapitals) {
  EXPECT_EQ(task_instruction("lego", {.track_name = "drums", .classes = {}}),
            "Generate the DRUMS track based on the audio context:");
  EXPECT_EQ(task_instruction("complete", {.track_name = "", .classes = {"guitar", "bass"}}),
            "Complete the input track with GUITAR | BASS:");
}

TEST(TaskInstruction, WorksWithoutTracks) {
  EXPECT_EQ(task_instruction("extract"), "Extract the track from the audio:");
  EXPECT_EQ(task_instruction("complete"), "Complete the input track:");
}

TEST(TaskInstruction, UnknownTaskIsTextToMusic) {
  EXPECT_EQ(task_instruction("extract_default"), default_instruction());
}

TEST(ResolveTask, CodesTurnTextToMusicIntoCover) {
  EXPECT_EQ(resolve_task("text2music", "own", has_audio_codes({"", "<|audio_code_1|>"})).task,
            "cover");
  EXPECT_EQ(resolve_task("text2music", "own", has_audio_codes({" "})).instruction, "own");
}

TEST(TraitsOf, RepaintAndLegoRepaint) {
  EXPECT_TRUE(traits_of("lego", false).can_use_repainting);
  EXPECT_TRUE(traits_of("repaint", true).is_cover);
  EXPECT_FALSE(traits_of("cover", false).can_use_repainting);
}

}  // namespace
}  // namespace acestep::text
