#include "pipeline/preview.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>

#include <cmath>

#include "audio/mastering.h"
#include "sim/simulated_gpu.h"
#include "unit/pipeline/small_models.h"
#include "util/error.h"

namespace acestep::pipeline {
namespace {

using request::GenerationRequest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::SilentObserver;
using ::testing::SizeIs;

GenerationRequest small_request() {
  GenerationRequest request;
  request.caption = "calm piano";
  request.lyrics = "[Instrumental]";
  request.duration = 5.2;
  request.inference_steps = 4;
  request.shift = 3.0;
  request.seeds = {7};
  request.enable_normalization = false;
  return request;
}

struct Heard {
  audio::Waveform sound;
  std::size_t song = 0;
  int64_t steps_done = 0;
};

class Previews : public ::testing::Test {
 protected:
  Previews() { at::set_num_threads(1); }
  ~Previews() override {
    sim::refuse_next(0);
    sim::set_cap(std::nullopt);
  }

  Components components(const device::ComputeDevice& where = {}, const MemoryPolicy& policy = {}) {
    return Components(find_models({testing::small_checkpoints(), "acestep-v15-turbo", "none"}),
                      where, {}, policy);
  }
  PreviewSink sink() {
    return [this](const audio::Waveform& sound, std::size_t song, int64_t steps_done) {
      heard_.push_back({sound, song, steps_done});
    };
  }
  Rendering render(Components& models, const GenerationRequest& request,
                   const std::optional<PreviewOptions>& preview) {
    EngineOptions options;
    options.preview = preview;
    options.vae_chunk_frames = 256;  // whatever memory is free
    return Engine(models, options, context_).render(request, {}, sink());
  }

  SilentObserver observer_;
  song::StageContext context_{.observer = observer_, .check_stop = {}};
  std::vector<Heard> heard_;
};

constexpr PreviewOptions kEveryStep{.seconds = 2.0, .every_steps = 1};
const device::ComputeDevice& simulated() {
  static const device::ComputeDevice where = device::choose_device("sim", false, "no driver");
  return where;
}

TEST_F(Previews, ChangeNoSong) {
  GenerationRequest request = small_request();
  request.batch_size = 2;
  request.infer_method = "sde";  // draws noise between the steps
  Components models = components();
  const Rendering without = render(models, request, std::nullopt);
  EXPECT_THAT(heard_, IsEmpty());
  const Rendering with = render(models, request, kEveryStep);
  EXPECT_THAT(heard_, SizeIs(6));
  for (std::size_t song = 0; song < 2; ++song) {
    EXPECT_EQ(with.songs[song].waveform.samples, without.songs[song].waveform.samples);
  }
}

TEST_F(Previews, ComeAfterTheirStepsOfEverySong) {
  GenerationRequest request = small_request();
  request.batch_size = 2;
  Components models = components();
  render(models, request, kEveryStep);
  std::vector<std::pair<std::size_t, int64_t>> found;
  for (const Heard& preview : heard_) {
    found.emplace_back(preview.song, preview.steps_done);
    EXPECT_EQ(preview.sound.frames(), 96000);
    EXPECT_NEAR(audio::peak(preview.sound), std::pow(10.0, -1.0 / 20.0), 1e-5);
  }
  using Pair = std::pair<std::size_t, int64_t>;
  EXPECT_THAT(found,
              ElementsAre(Pair{0, 1}, Pair{0, 2}, Pair{0, 3}, Pair{1, 1}, Pair{1, 2}, Pair{1, 3}));
}

TEST_F(Previews, ComeEveryQuarterUnlessSaid) {
  GenerationRequest request = small_request();
  request.inference_steps = 9;
  Components models = components();
  render(models, request, PreviewOptions{.seconds = 1.0});
  std::vector<int64_t> steps;
  for (const Heard& preview : heard_) steps.push_back(preview.steps_done);
  EXPECT_THAT(steps, ElementsAre(2, 4, 6, 8));
}

// Of the song's own latents a preview is the song's beginning.
TEST_F(Previews, AreTheBeginningOfWhatTheLatentsSound) {
  Components models = components();
  const GenerationRequest request = small_request();
  const Song song = render(models, request, std::nullopt).songs.at(0);
  Previewer previewer(models, kEveryStep, request, sink(), context_);
  previewer.look_at({.latents = song.latents.unsqueeze(0), .steps_done = 1, .steps = 4});
  ASSERT_THAT(heard_, SizeIs(1));
  audio::Waveform beginning(48000, 2, 96000);
  for (int64_t c = 0; c < 2; ++c) {
    const auto from = song.waveform.channel(c);
    std::copy_n(from.begin(), 96000, beginning.channel(c).begin());
  }
  audio::normalize_peak(beginning, -1.0);
  for (std::size_t i = 0; i < beginning.samples.size(); ++i) {
    ASSERT_NEAR(heard_[0].sound.samples[i], beginning.samples[i], 1e-4) << i;
  }
}

TEST_F(Previews, ASongShorterThanThePreviewIsHeardWhole) {
  Components models = components();
  const GenerationRequest request = small_request();
  render(models, request, PreviewOptions{.seconds = 60.0, .every_steps = 2});
  ASSERT_THAT(heard_, SizeIs(1));
  EXPECT_EQ(heard_[0].sound.frames(), 130 * 1920);
}

TEST_F(Previews, WhatIsNoSoundIsPassedOver) {
  Components models = components();
  const GenerationRequest request = small_request();
  Previewer previewer(models, kEveryStep, request, sink(), context_);
  const at::Tensor broken = at::full({1, 130, 64}, std::numeric_limits<float>::quiet_NaN());
  previewer.look_at({.latents = broken, .steps_done = 1, .steps = 4});
  EXPECT_THAT(heard_, IsEmpty());
}

TEST_F(Previews, ASinkThatFailsEndsTheSong) {
  Components models = components();
  EngineOptions options;
  options.preview = kEveryStep;
  const PreviewSink full = [](const audio::Waveform&, std::size_t, int64_t) {
    throw Error(ErrorCode::kOutput, "the disk is full");
  };
  EXPECT_THROW(Engine(models, options, context_).render(small_request(), {}, full), Error);
}

// On the card where the plan says so, beside it elsewhere: the same sounds, the same song, and
// nothing stays behind.
TEST_F(Previews, OnACardOrBesideItTheyAreTheSame) {
  Components processor = components();
  const Rendering expected = render(processor, small_request(), kEveryStep);
  const std::vector<Heard> sounds = heard_;
  for (const bool is_on_card : {true, false}) {
    heard_.clear();
    const uint64_t before = sim::stats().live_bytes;
    {
      Components models = components(simulated(), {.previews_on_device = is_on_card});
      const Rendering found = render(models, small_request(), kEveryStep);
      EXPECT_EQ(found.songs.at(0).waveform.samples, expected.songs.at(0).waveform.samples);
      ASSERT_THAT(heard_, SizeIs(sounds.size()));
      for (std::size_t i = 0; i < sounds.size(); ++i) {
        EXPECT_EQ(heard_[i].sound.samples, sounds[i].sound.samples);
      }
      EXPECT_EQ(models.move_log().moves().count("VAE for previews"), is_on_card ? 1u : 0u);
    }
    EXPECT_EQ(sim::stats().live_bytes, before);
  }
}

TEST_F(Previews, MoveToTheProcessorWhereTheCardHasNoRoom) {
  Components models = components(simulated(), {.previews_on_device = true});
  const GenerationRequest request = small_request();
  Previewer previewer(models, kEveryStep, request, sink(), context_);
  const at::Tensor latents = at::randn({1, 130, 64}).to(simulated().device);
  sim::refuse_next(1);
  previewer.look_at({.latents = latents, .steps_done = 1, .steps = 4});
  EXPECT_THAT(heard_, SizeIs(1));
  ASSERT_THAT(observer_.adjustments, SizeIs(1));
  EXPECT_EQ(observer_.adjustments[0].field, "preview_device");
  previewer.look_at({.latents = latents, .steps_done = 2, .steps = 4});
  EXPECT_THAT(observer_.adjustments, SizeIs(1));
}

}  // namespace
}  // namespace acestep::pipeline
