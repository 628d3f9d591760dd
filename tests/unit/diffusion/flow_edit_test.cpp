#include "diffusion/flow_edit.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "util/error.h"

namespace acestep::diffusion {
namespace {

class FakeModel final : public VelocityModel {
 public:
  std::function<at::Tensor(const at::Tensor&)> answer = [](const at::Tensor& x) {
    return at::zeros_like(x);
  };
  std::vector<float> levels;
  double words = 0.0;  // first value of the states

  void use(const song::ConditionSet& conditions) override {
    words = conditions.states.flatten()[0].item<double>();
  }
  at::Tensor velocity(const at::Tensor& x, float t) override {
    levels.push_back(t);
    return answer(x);
  }
};

class CountingObserver final : public song::Observer {
 public:
  std::vector<int64_t> steps;
  void stage(std::string_view) override {}
  void step(int64_t done, int64_t) override { steps.push_back(done); }
  void adjustment(const song::Adjustment&) override {}
};

song::ConditionSet words(double value) {
  return {at::full({1, 1, 4}, value), at::ones({1, 1}), at::zeros({1, 6, 128})};
}

// Half as long without words as with them, so that guidance has a difference to work on.
at::Tensor with_and_without(const at::Tensor& x, double value) {
  return at::cat({at::full({1, 6, 64}, value), at::full({1, 6, 64}, value / 2.0)}, 0)
      .to(x.options());
}

struct FlowEditTest : testing::Test {
  FakeModel before;
  FakeModel after;
  CountingObserver observer;
  at::Tensor source = NoiseStreams::per_song({9}).draw(6);
  song::Conditioning conditioning{
      .conditions = words(2.0), .of_source = words(1.0), .source = source};
  FlowEditOptions options{.schedule = make_edit_schedule({.steps = 5})};

  at::Tensor run() {
    NoiseStreams noise = NoiseStreams::per_song({1});
    return FlowEditor(before, after).run(conditioning, noise, options, {observer, {}}).values;
  }
};

TEST_F(FlowEditTest, GivesEachModelItsWords) {
  run();
  EXPECT_EQ(before.words, 1.0);
  EXPECT_EQ(after.words, 2.0);
}

TEST_F(FlowEditTest, ChangesNothingWhereBothDescriptionsLeadAlike) {
  before.answer = after.answer = [](const at::Tensor& x) { return at::full_like(x, 0.7); };
  EXPECT_TRUE(at::equal(run(), source));
}

TEST_F(FlowEditTest, FollowsTheDifferenceOfBothVelocities) {
  before.answer = [](const at::Tensor& x) { return at::full_like(x, 0.5); };
  after.answer = [](const at::Tensor& x) { return at::full_like(x, 2.0); };
  EXPECT_TRUE(at::allclose(run(), source - 1.5, 1e-5, 1e-5));
}

TEST_F(FlowEditTest, SkipsTheStepsBeforeTheWindow) {
  options.first_share = 0.5;  // of 5 steps: two are skipped
  run();
  EXPECT_THAT(before.levels, testing::Pointwise(testing::FloatEq(), {0.6F, 0.4F, 0.2F}));
  EXPECT_EQ(after.levels, before.levels);
  EXPECT_THAT(observer.steps, testing::ElementsAre(0, 1, 2, 3));
}

TEST_F(FlowEditTest, ListensToTheNewWordsAloneBehindTheWindow) {
  options.last_share = 0.4;
  run();
  EXPECT_EQ(before.levels.size(), 2U);
  EXPECT_EQ(after.levels.size(), 5U);
}

// Behind the window the song has noise in it again, and the rest of the way takes it out.
TEST_F(FlowEditTest, ArrivesCleanWhenTheWindowEndsEarly) {
  options.first_share = 0.2;
  options.last_share = 0.4;
  const at::Tensor noise = [] {
    NoiseStreams streams = NoiseStreams::per_song({1});
    streams.draw(6);
    return streams.draw(6);  // the second: the first went to the one step of the window
  }();
  int looks = 0;
  after.answer = [&](const at::Tensor& x) {
    return ++looks == 1 ? at::zeros_like(x) : noise - source;
  };
  EXPECT_TRUE(at::allclose(run(), source, 1e-4, 1e-5));
}

TEST_F(FlowEditTest, KeepsTheSourceWhenNoStepIsLeft) {
  options.first_share = options.last_share = 1.0;
  EXPECT_TRUE(at::equal(run(), source));
  EXPECT_TRUE(observer.steps.empty());
}

TEST_F(FlowEditTest, LooksAsOftenAsNoiseIsDrawn) {
  options.draws = 3;
  run();
  EXPECT_EQ(before.levels.size(), 15U);
  EXPECT_EQ(after.levels.size(), 15U);
}

// The guidance's momentum moves once per step, however many noises are tried in it.
TEST_F(FlowEditTest, IsGuidedAlikeWhateverTheNumberOfDraws) {
  options.guidance.scale = 3.0;
  before.answer = [](const at::Tensor& x) { return with_and_without(x, 0.2); };
  after.answer = [](const at::Tensor& x) {
    at::Tensor both = with_and_without(x, 0.6);
    both.slice(0, 0, 1).slice(1, 0, 3).mul_(-0.5);  // not along the other half
    return both;
  };
  const at::Tensor once = run();
  options.draws = 4;
  EXPECT_TRUE(at::allclose(run(), once, 1e-5, 1e-6));
  options.guidance.scale = 1.5;
  EXPECT_FALSE(at::allclose(run(), once, 1e-3, 1e-3));
}

TEST_F(FlowEditTest, NamesTheStepThatIsNotFinite) {
  after.answer = [](const at::Tensor& x) {
    return at::full_like(x, std::numeric_limits<double>::infinity());
  };
  options.first_share = 0.2;
  try {
    run();
    FAIL() << "an infinite velocity was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kRejected);
    EXPECT_THAT(error.message(), testing::HasSubstr("step 2 of 5"));
  }
}

TEST(EditSchedule, ClosesOwnLevelsWithZero) {
  EXPECT_THAT(make_edit_schedule({.timesteps = {1.0, 0.5}}).levels,
              testing::ElementsAre(1.0F, 0.5F, 0.0F));
  EXPECT_THAT(make_edit_schedule({.timesteps = {1.0, 0.0}}).levels,
              testing::ElementsAre(1.0F, 0.0F));
}

}  // namespace
}  // namespace acestep::diffusion
