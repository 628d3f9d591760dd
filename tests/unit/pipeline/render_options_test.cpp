#include "pipeline/render_options.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include "unit/util/temp_folder.h"

namespace acestep::pipeline {
namespace {

using acestep::testing::message_of;
using request::GenerationRequest;
using ::testing::FloatEq;
using ::testing::HasSubstr;

constexpr int64_t kFrames = 130;

models::DitConfig config_of(bool is_turbo, bool is_xl, const std::string& version) {
  models::DitConfig config;
  config.is_turbo = is_turbo;
  config.is_xl = is_xl;
  config.version = version;
  return config;
}

GenerationRequest eight_steps() {
  GenerationRequest request;
  request.inference_steps = 8;
  request.shift = 3.0;
  return request;
}

TEST(DenoiseOptions, TurboEndsWithAJumpAndOthersDoNot) {
  const auto turbo = denoise_options(eight_steps(), config_of(true, false, "turbo"));
  EXPECT_TRUE(turbo.schedule.jumps_to_clean);
  EXPECT_EQ(turbo.schedule.steps(), 8);
  const auto base = denoise_options(eight_steps(), config_of(false, false, "base"));
  EXPECT_FALSE(base.schedule.jumps_to_clean);
  EXPECT_EQ(base.schedule.steps(), 8);
  EXPECT_EQ(base.schedule.levels.back(), 0.0F);
}

// docs/PARITY.md, "turbo limits".
TEST(DenoiseOptions, GuidanceHasNoEffectOnTurbo) {
  GenerationRequest request = eight_steps();
  request.guidance_scale = 9.0;
  EXPECT_EQ(denoise_options(request, config_of(true, false, "turbo")).guidance.scale, 1.0);
  EXPECT_EQ(denoise_options(request, config_of(true, true, "turbo")).guidance.scale, 1.0);
  EXPECT_EQ(denoise_options(request, config_of(false, false, "sft")).guidance.scale, 9.0);
}

TEST(DenoiseOptions, OpenGuidanceAndShiftAreTheReferences) {
  GenerationRequest request;
  request.inference_steps = 4;
  const auto options = denoise_options(request, config_of(false, false, "sft"));
  EXPECT_EQ(options.guidance.scale, 7.0);
  EXPECT_THAT(options.schedule.levels[1], FloatEq(0.75F));  // shift 1 bends nothing
}

TEST(DenoiseOptions, HeunGivesWayToSde) {
  GenerationRequest request = eight_steps();
  const auto config = config_of(true, false, "turbo");
  EXPECT_EQ(denoise_options(request, config).method, diffusion::SolverMethod::kEuler);
  request.sampler_mode = "heun";
  EXPECT_EQ(denoise_options(request, config).method, diffusion::SolverMethod::kHeun);
  request.infer_method = "sde";
  EXPECT_EQ(denoise_options(request, config).method, diffusion::SolverMethod::kSde);
}

Batch batch_of(const std::vector<uint64_t>& seeds) {
  Batch batch;
  for (const uint64_t seed : seeds) batch.seeds.push_back({seed, seed});
  return batch;
}

at::Tensor start_noise(const Batch& batch, const GenerationRequest& request) {
  BatchNoise noise(batch, request, kFrames, {});
  return noise.for_denoiser().start;
}

TEST(BatchNoise, ASongsNoiseDependsOnItsOwnSeedAlone) {
  const at::Tensor both = start_noise(batch_of({3, 4}), {});
  EXPECT_TRUE(at::equal(both[0], start_noise(batch_of({3}), {})[0]));
  EXPECT_TRUE(at::equal(both[1], start_noise(batch_of({4}), {})[0]));
}

TEST(BatchNoise, RetakeMixesInTheNoiseOfItsSeed) {
  GenerationRequest request;
  request.retake_variance = 1.0;
  Batch batch = batch_of({3});
  batch.seeds[0].retake = 9;
  const at::Tensor retake = start_noise(batch, request);
  EXPECT_TRUE(at::allclose(retake[0], start_noise(batch_of({9}), {})[0], 0.0, 1e-6));
}

TEST(BatchNoise, AnOpenRetakeSeedFollowsFromTheSongsSeed) {
  GenerationRequest request;
  request.retake_variance = 0.3;
  const at::Tensor once = start_noise(batch_of({3, 4}), request);
  EXPECT_TRUE(at::equal(once, start_noise(batch_of({3, 4}), request)));
  EXPECT_TRUE(at::equal(once[1], start_noise(batch_of({4}), request)[0]));
  EXPECT_FALSE(at::equal(once, start_noise(batch_of({3, 4}), {})));
}

// docs/PARITY.md, "random numbers": SDE noise has the song's own stream, the reference's is shared.
TEST(BatchNoise, SdeNoiseIsTheSongsOwnUnlessAGeneratorIsShared) {
  const Batch both = batch_of({3, 4});
  BatchNoise own(both, {}, kFrames, {});
  BatchNoise alone(batch_of({4}), {}, kFrames, {});
  const at::Tensor fresh = own.for_denoiser().steps->draw(kFrames);
  EXPECT_TRUE(at::equal(fresh[1], alone.for_denoiser().steps->draw(kFrames)[0]));

  const auto shared_draw = [&](const Batch& batch) {
    BatchNoise shared(batch, {}, kFrames, {.shared = diffusion::make_generator(1)});
    return shared.for_denoiser().steps->draw(kFrames);
  };
  EXPECT_TRUE(at::equal(shared_draw(both), shared_draw(batch_of({5, 6}))));
}

TEST(RequireSignal, NamesTheSongAndTheStep) {
  const at::Tensor latents = at::ones({3, 4, 64});
  EXPECT_NO_THROW(require_signal(latents, 8, 1));
  latents[1].zero_();
  EXPECT_THAT(message_of(ErrorCode::kRejected, [&] { require_signal(latents, 8, 1); }),
              HasSubstr("denoise: the latents of song 2 are all zero after step 8 of 8"));
}

}  // namespace
}  // namespace acestep::pipeline
