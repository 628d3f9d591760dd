#include "condition/latent_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "condition/masks.h"
#include "condition/reference_seeds.h"
#include "condition/source_padding.h"

namespace acestep::condition {
namespace {

using testing::ElementsAre;
using testing::Optional;

TEST(TargetSamples, RoundsToATenthOfASecond) {
  EXPECT_EQ(target_samples(12.34), 590400);
  EXPECT_EQ(target_samples(9.96), 480000);
  EXPECT_EQ(target_samples(0.04), 4800);
}

// 0.25 lies exactly between 0.2 and 0.3: the even digit wins. 0.35 is a little below its decimal
// value.
TEST(TargetSamples, TiesGoByTheBinaryValue) {
  EXPECT_EQ(target_samples(0.25), 9600);
  EXPECT_EQ(target_samples(0.35), 14400);
}

TEST(PlanLatents, AShortSongIsPaddedButItsLengthIsKept) {
  const LatentPlan plan = plan_latents({{.seconds = 3.0}});
  EXPECT_EQ(plan.frames, 128);
  EXPECT_THAT(plan.requested_frames, ElementsAre(75));
}

TEST(PlanLatents, CodesDecideTheLengthBeforeTheSeconds) {
  const LatentPlan plan = plan_latents({{.seconds = 20.0, .code_count = 30}, {.seconds = 8.0}});
  EXPECT_EQ(plan.frames, 200);
  EXPECT_THAT(plan.requested_frames, ElementsAre(150, 200));
}

TEST(PlanLatents, NoDurationIsTwoMinutes) { EXPECT_EQ(plan_latents({{}}).frames, 3000); }

TEST(FrameSpan, LiesWithinTheSongAndIsNeverEmpty) {
  EXPECT_EQ(frame_span(0.2, 0.5, 20)->first, 5);
  EXPECT_EQ(frame_span(0.2, 0.5, 20)->end, 12);
  EXPECT_EQ(frame_span(5.0, 9.0, 20)->first, 19);
  EXPECT_EQ(frame_span(5.0, 9.0, 20)->end, 20);
  EXPECT_EQ(frame_span(0.2, 0.21, 20)->end, 6);
  EXPECT_FALSE(frame_span(0.5, 0.5, 20).has_value());
}

TEST(PadSource, ANegativeStartAddsSilenceBefore) {
  const PaddedSource padded = pad_source(
      {.source_samples = 96000, .takes_span = true, .start_seconds = -0.5, .end_seconds = 3.0});
  EXPECT_EQ(padded.left_samples, 24000);
  EXPECT_EQ(padded.right_samples, 48000);
  EXPECT_EQ(padded.total_samples, 168000);
  EXPECT_THAT(padded.start_seconds, Optional(0.0));
  EXPECT_THAT(padded.end_seconds, Optional(3.5));
}

TEST(ReferenceSeeds, ReadWhatTheReferenceReads) {
  EXPECT_THAT(reference_seeds(3, "abc, 4.9"),
              ElementsAre(std::nullopt, Optional(int64_t{4}), std::nullopt));
  EXPECT_THAT(reference_seeds(1, ""), ElementsAre(std::nullopt));
}

}  // namespace
}  // namespace acestep::condition
