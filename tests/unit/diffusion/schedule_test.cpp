#include "diffusion/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "util/error.h"

namespace acestep::diffusion {
namespace {

using testing::ElementsAre;

TEST(MakeSchedule, TurboEndsWithAJumpToClean) {
  const Schedule schedule = make_schedule({.family = ScheduleFamily::kTurbo, .steps = 2});
  EXPECT_THAT(schedule.levels, ElementsAre(1.0F, 0.5F, 0.0F));
  EXPECT_TRUE(schedule.is_jump(1));
  EXPECT_FALSE(schedule.is_jump(0));
}

TEST(MakeSchedule, TurboWithoutStepsTakesTheTableOfTheNearestShift) {
  const Schedule near_two = make_schedule({.family = ScheduleFamily::kTurbo, .shift = 2.2});
  const Schedule two = make_schedule({.family = ScheduleFamily::kTurbo, .steps = 8, .shift = 2.0});
  EXPECT_EQ(near_two.levels, two.levels);
}

TEST(MakeSchedule, TurboSnapsOwnStepsToLevelsItKnows) {
  const Schedule schedule =
      make_schedule({.family = ScheduleFamily::kTurbo, .timesteps = {0.97, 0.18, 0.0, 0.0}});
  EXPECT_THAT(schedule.levels, ElementsAre(0.9545454545F, 0.2222222222F, 0.0F));
}

TEST(MakeSchedule, StandardTakesOwnStepsVerbatim) {
  const Schedule schedule =
      make_schedule({.family = ScheduleFamily::kStandard, .timesteps = {1.0, 0.7, 0.3}});
  EXPECT_THAT(schedule.levels, ElementsAre(1.0F, 0.7F, 0.3F));
  EXPECT_FALSE(schedule.is_jump(1));
}

TEST(MakeSchedule, StandardRenoisesOnThePlainGrid) {
  const Schedule schedule =
      make_schedule({.family = ScheduleFamily::kStandard, .steps = 4, .shift = 3.0});
  EXPECT_THAT(schedule.renoise_levels, ElementsAre(0.75, 0.5, 0.25, 0.0));
}

TEST(MakeSchedule, OnlyBaseCountsCoverStepsOnTheAskedSteps) {
  ScheduleOptions options{
      .steps = 20, .timesteps = {1.0, 0.7, 0.4, 0.2, 0.0}, .cover_strength = 0.5};
  options.family = ScheduleFamily::kBase;
  EXPECT_EQ(make_schedule(options).cover_steps, 10);
  options.family = ScheduleFamily::kStandard;
  EXPECT_EQ(make_schedule(options).cover_steps, 2);
}

TEST(MakeSchedule, CoverNoiseStartsAtTheNearestLevel) {
  const Schedule schedule = make_schedule({.steps = 8, .shift = 3.0, .cover_noise_strength = 0.4});
  EXPECT_EQ(schedule.steps(), 3);
  ASSERT_TRUE(schedule.mix_level.has_value());
  EXPECT_NEAR(*schedule.mix_level, 0.6428571, 1e-6);
}

TEST(MakeSchedule, ASingleOwnStepOfAStandardModelIsAnError) {
  EXPECT_THROW(make_schedule({.family = ScheduleFamily::kStandard, .timesteps = {1.0}}), Error);
}

}  // namespace
}  // namespace acestep::diffusion
