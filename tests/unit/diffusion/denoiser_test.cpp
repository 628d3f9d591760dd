#include "diffusion/denoiser.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "util/error.h"

namespace acestep::diffusion {
namespace {

// A model whose velocity is any function of x and t; remembers what it was given.
class FakeModel final : public VelocityModel {
 public:
  std::function<at::Tensor(const at::Tensor&, float)> answer = [](const at::Tensor& x, float) {
    return at::zeros_like(x);
  };
  std::vector<float> levels;
  std::vector<double> contexts;  // first value of the context at each use()

  void use(const song::ConditionSet& conditions) override {
    contexts.push_back(conditions.context.flatten()[0].item<double>());
  }
  at::Tensor velocity(const at::Tensor& x, float t) override {
    levels.push_back(t);
    return answer(x, t);
  }
};

class CountingObserver final : public song::Observer {
 public:
  std::vector<int64_t> steps;
  void stage(std::string_view) override {}
  void step(int64_t done, int64_t) override { steps.push_back(done); }
  void adjustment(const song::Adjustment&) override {}
};

song::ConditionSet conditions_of(double value) {
  return {at::zeros({1, 1, 4}), at::ones({1, 1}), at::full({1, 6, 128}, value)};
}

struct DenoiserTest : testing::Test {
  FakeModel model;
  CountingObserver observer;
  song::Conditioning conditioning{.conditions = conditions_of(1.0),
                                  .source = at::zeros({1, 6, 64})};
  DenoiseNoise noise{NoiseStreams::per_song({1}).draw(6)};
  DenoiseOptions options{.schedule = make_schedule({.steps = 4}), .dcw = {.is_enabled = false}};

  at::Tensor run(std::function<void()> check_stop = {}) {
    return Denoiser(model)
        .run(conditioning, noise, options, {observer, std::move(check_stop)})
        .values;
  }
};

// Where every velocity points from the noise to one song, any schedule arrives there.
TEST_F(DenoiserTest, FollowsAStraightFlowToItsEnd) {
  const at::Tensor song = at::full({1, 6, 64}, 0.25);
  model.answer = [&](const at::Tensor&, float) { return noise.start - song; };
  EXPECT_TRUE(at::allclose(run(), song, 1e-5, 1e-5));
  EXPECT_THAT(model.levels, testing::ElementsAre(1.0F, 0.75F, 0.5F, 0.25F));
  EXPECT_THAT(observer.steps, testing::ElementsAre(0, 1, 2, 3, 4));
}

// On a straight flow every step's estimate is the song; a listener changes nothing.
TEST_F(DenoiserTest, TellsWhereEachStepWouldLead) {
  const at::Tensor song = at::full({1, 6, 64}, 0.25);
  model.answer = [&](const at::Tensor&, float) { return noise.start - song; };
  const at::Tensor alone = run();
  std::vector<int64_t> steps;
  options.on_estimate = [&](const at::Tensor& estimate, int64_t steps_done) {
    steps.push_back(steps_done);
    EXPECT_TRUE(at::allclose(estimate, song, 1e-5, 1e-5)) << steps_done;
  };
  EXPECT_TRUE(at::equal(run(), alone));
  EXPECT_THAT(steps, testing::ElementsAre(1, 2, 3));
}

TEST_F(DenoiserTest, HeunAsksTwiceButForTheJump) {
  options.method = SolverMethod::kHeun;
  run();
  EXPECT_THAT(model.levels, testing::ElementsAre(1.0F, 0.75F, 0.75F, 0.5F, 0.5F, 0.25F, 0.25F));
}

TEST_F(DenoiserTest, LeavesTheCoverConditionsAfterTheirShare) {
  conditioning.without_cover = conditions_of(2.0);
  options.schedule = make_schedule({.steps = 4, .cover_strength = 0.5});
  run();
  EXPECT_THAT(model.contexts, testing::ElementsAre(1.0, 2.0));
}

TEST_F(DenoiserTest, NeverHearsACoverOfNoStrength) {
  conditioning.without_cover = conditions_of(2.0);
  options.schedule = make_schedule({.steps = 4, .cover_strength = 0.0});
  run();
  EXPECT_THAT(model.contexts, testing::ElementsAre(2.0));
}

TEST_F(DenoiserTest, NamesTheStepThatIsNotFinite) {
  model.answer = [](const at::Tensor& x, float t) {
    return t < 0.6F ? at::full_like(x, std::numeric_limits<double>::infinity()) : at::zeros_like(x);
  };
  try {
    run();
    FAIL() << "an infinite velocity was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kRejected);
    EXPECT_THAT(error.message(), testing::HasSubstr("step 3 of 4"));
  }
}

TEST_F(DenoiserTest, StopsBeforeTheNextStep) {
  int asked = 0;
  const auto stop_at_third = [&asked] {
    if (++asked == 3) throw Error(ErrorCode::kInterrupted, "stopped");
  };
  EXPECT_THROW(run(stop_at_third), Error);
  EXPECT_EQ(model.levels.size(), 2U);
}

TEST_F(DenoiserTest, KeepsTheSourceOutsideTheNewPart) {
  const at::Tensor is_new = at::zeros({1, 6}, at::TensorOptions(at::kBool));
  is_new.slice(1, 2, 4).fill_(true);
  conditioning.kept = song::KeptSource{is_new, at::full({1, 6, 64}, 0.5)};
  options.schedule = make_schedule({.family = ScheduleFamily::kStandard, .steps = 4});
  options.injection_ratio = 1.0;
  options.crossfade_frames = 0;
  const at::Tensor result = run();
  EXPECT_TRUE(at::allclose(result.slice(1, 0, 2), at::full({1, 2, 64}, 0.5)));
  EXPECT_TRUE(at::equal(result.slice(1, 2, 4), noise.start.slice(1, 2, 4)));
}

}  // namespace
}  // namespace acestep::diffusion
