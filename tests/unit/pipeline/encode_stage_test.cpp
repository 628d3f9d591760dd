#include "pipeline/encode_stage.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>

#include <cmath>

#include "diffusion/noise.h"
#include "sim/simulated_gpu.h"
#include "unit/pipeline/small_models.h"

namespace acestep::pipeline {
namespace {

using testing::SilentObserver;

constexpr char kTurbo[] = "acestep-v15-turbo";
constexpr int64_t kHop = 1920;

// Two tones, different on both sides.
audio::Waveform tones(int64_t samples) {
  audio::Waveform sound(48000, 2, samples);
  for (int64_t i = 0; i < samples; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const double t = static_cast<double>(i) / 48000.0;
    sound.channel(0)[at] = static_cast<float>(0.4 * std::sin(2764.6 * t));
    sound.channel(1)[at] = static_cast<float>(0.3 * std::sin(1381.3 * t) * std::cos(9.0 * t));
  }
  return sound;
}

class Encoding {
 public:
  explicit Encoding(const EngineOptions& options, const device::ComputeDevice& where = {},
                    const MemoryPolicy& policy = {})
      : options_(options),
        components_(find_models({testing::small_checkpoints(), kTurbo, "none"}), where, {}, policy),
        context_{.observer = observer, .check_stop = {}} {
    at::set_num_threads(1);  // threads that wait for each other crawl
  }

  at::Tensor of(const audio::Waveform& sound, uint64_t seed = 5) {
    c10::InferenceMode no_gradients;
    at::Generator generator = diffusion::make_generator(seed);
    EncodeStage stage(components_, options_, context_);
    at::Tensor latents = stage.run(sound, generator);
    window_frames = stage.window_frames();
    return latents;
  }

  SilentObserver observer;
  int64_t window_frames = 0;

 private:
  EngineOptions options_;
  Components components_;
  song::StageContext context_;
};

TEST(EncodeStage, GivesAFrameForEveryHopOnTheCpu) {
  Encoding encoding({});
  const at::Tensor latents = encoding.of(tones(30 * kHop + 700));
  EXPECT_EQ(latents.sizes(), (std::vector<int64_t>{30, 64}));
  EXPECT_EQ(latents.scalar_type(), at::kFloat);
  EXPECT_THAT(encoding.observer.stages, ::testing::ElementsAre("encode"));
}

TEST(EncodeStage, TheSeedDecidesTheSample) {
  Encoding encoding({});
  const audio::Waveform sound = tones(20 * kHop);
  const at::Tensor latents = encoding.of(sound, 5);
  EXPECT_TRUE(at::equal(encoding.of(sound, 5), latents));
  EXPECT_FALSE(at::allclose(encoding.of(sound, 6), latents));
}

// 70 frames in one piece, or in windows of 64.
TEST(EncodeStage, WindowsDoNotChangeTheLatents) {
  const audio::Waveform sound = tones(70 * kHop + 100);
  const at::Tensor whole = Encoding({}).of(sound);
  EngineOptions options;
  options.encode_window_frames = 64;
  Encoding encoding(options);
  const at::Tensor latents = encoding.of(sound);
  EXPECT_EQ(encoding.window_frames, 64);
  EXPECT_LT((latents - whole).abs().max().item<double>(), 1e-4);
}

// Who draws for a single window draws the same.
TEST(EncodeStage, OneWindowOfTheReferenceIsTheSame) {
  EngineOptions options;
  options.follows_reference = true;
  const audio::Waveform sound = tones(20 * kHop);
  EXPECT_TRUE(at::equal(Encoding(options).of(sound), Encoding({}).of(sound)));
}

class CappedEncoding : public ::testing::Test {
 protected:
  ~CappedEncoding() override { sim::set_cap(std::nullopt); }
};

TEST_F(CappedEncoding, GivesTheSameLatentsWithLessMemory) {
  const device::ComputeDevice where = device::choose_device("sim", false, "no driver");
  const audio::Waveform sound = tones(70 * kHop);
  EngineOptions options;
  options.encode_window_frames = 70;
  sim::reset_peak();
  const at::Tensor expected = Encoding(options, where).of(sound);
  const uint64_t peak = sim::stats().peak_bytes;
  sim::set_cap(peak - 1);
  Encoding capped(options, where);
  EXPECT_LT((capped.of(sound) - expected).abs().max().item<double>(), 1e-4);
  ASSERT_FALSE(capped.observer.adjustments.empty());
  EXPECT_EQ(capped.observer.adjustments.back().field, "vae_window");
  EXPECT_EQ(capped.window_frames, 64);
}

TEST_F(CappedEncoding, GoesToTheProcessorAtLastUnlessForbidden) {
  const device::ComputeDevice where = device::choose_device("sim", false, "no driver");
  const audio::Waveform sound = tones(70 * kHop);
  sim::set_cap(sim::stats().live_bytes + 4096);
  Encoding capped({}, where);
  EXPECT_EQ(capped.of(sound).size(0), 70);
  EXPECT_EQ(capped.observer.adjustments.back().field, "vae_on_cpu");
  Encoding strict({}, where, {.may_adapt = false});
  EXPECT_THROW(strict.of(sound), Error);
}

}  // namespace
}  // namespace acestep::pipeline
