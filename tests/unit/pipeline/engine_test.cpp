#include "pipeline/engine.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <iostream>

#include "unit/pipeline/small_models.h"
#include "unit/util/temp_folder.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;
using acestep::testing::message_of;
using request::GenerationRequest;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::SilentObserver;
using ::testing::SizeIs;

constexpr device::Precision kFloat32 = {};
constexpr device::Precision kBFloat16 = {at::kBFloat16, at::kBFloat16, false};
constexpr device::Precision kFloat16 = {at::kHalf, at::kFloat, true};

// A short song of the words alone.
GenerationRequest small_request() {
  GenerationRequest request;
  request.caption = "calm piano";
  request.lyrics = "[Instrumental]";
  request.duration = 5.2;
  request.inference_steps = 4;
  request.shift = 3.0;
  request.seeds = {7};
  return request;
}

class SmallEngine : public acestep::testing::TempFolder {
 protected:
  Rendering render(const GenerationRequest& request, const device::Precision& precision,
                   const EngineOptions& options = {}) {
    Components components(find_models({checkpoints_, "acestep-v15-turbo", "none"}), {}, precision);
    Engine engine(components, options, {.observer = observer_, .check_stop = {}});
    return engine.render(request);
  }
  // The same with a tensor of one model multiplied.
  void change(const std::string& model, const std::string& file, const std::string& tensor,
              double factor) {
    testing::copy_checkpoints(folder_, model);
    testing::scale_tensor(folder_ / model / file, tensor, factor);
    checkpoints_ = folder_;
  }
  void change_dit(const std::string& tensor, double factor) {
    change("acestep-v15-turbo", "model.safetensors", tensor, factor);
  }

  fs::path checkpoints_ = testing::small_checkpoints();
  SilentObserver observer_;
};

double relative_error(const at::Tensor& actual, const at::Tensor& expected) {
  return ((actual - expected).norm() / expected.norm()).item<double>();
}

TEST_F(SmallEngine, TheSameRequestIsTheSameSong) {
  const Rendering once = render(small_request(), kFloat32);
  const Rendering again = render(small_request(), kFloat32);
  EXPECT_EQ(once.songs.at(0).waveform.samples, again.songs.at(0).waveform.samples);
}

// docs/PARITY.md, "batch padding": a song of a batch equals the single song of its seed.
TEST_F(SmallEngine, ASongOfABatchEqualsTheSingleSong) {
  GenerationRequest request = small_request();
  request.batch_size = 2;
  const Rendering both = render(request, kFloat32);
  ASSERT_THAT(both.songs, SizeIs(2));
  EXPECT_EQ(both.songs[1].seeds.song, 8U);
  request = small_request();
  request.seeds = {8};
  EXPECT_EQ(render(request, kFloat32).songs.at(0).waveform.samples, both.songs[1].waveform.samples);
}

TEST_F(SmallEngine, ASinkHasASongBeforeTheNextOneIsDecoded) {
  GenerationRequest request = small_request();
  request.batch_size = 3;
  const Rendering expected = render(request, kFloat32);
  observer_.stages.clear();
  std::vector<std::vector<float>> songs;
  Components components(find_models({checkpoints_, "acestep-v15-turbo", "none"}), {}, kFloat32);
  Engine engine(components, {}, {.observer = observer_, .check_stop = {}});
  const Rendering rendering = engine.render(request, [&](const Song& song, const Rendering&) {
    songs.push_back(song.waveform.samples);
    EXPECT_EQ(std::count(observer_.stages.begin(), observer_.stages.end(), "decode"),
              static_cast<std::ptrdiff_t>(songs.size()));
  });
  EXPECT_THAT(rendering.songs, IsEmpty());
  ASSERT_THAT(songs, SizeIs(3));
  for (std::size_t i = 0; i < songs.size(); ++i) {
    EXPECT_EQ(songs[i], expected.songs[i].waveform.samples);
  }
}

TEST_F(SmallEngine, KeptModelsAreLoadedOnceAndMakeTheSameSong) {
  Components components(find_models({checkpoints_, "acestep-v15-turbo", "none"}), {}, kFloat32,
                        {.keeps_models = true});
  Engine engine(components, {}, {.observer = observer_, .check_stop = {}});
  const Rendering first = engine.render(small_request());
  const double seconds = components.load_seconds();
  const Rendering second = engine.render(small_request());
  EXPECT_EQ(components.load_seconds(), seconds);
  EXPECT_EQ(second.seconds.at("model_load_time"), 0.0);
  EXPECT_EQ(second.songs.at(0).waveform.samples, first.songs.at(0).waveform.samples);
}

TEST_F(SmallEngine, AnOverflowIsForgottenBeforeTheNextRequest) {
  change_dit("decoder.layers.0.mlp.down_proj.weight", 1 << 24);
  Components components(find_models({checkpoints_, "acestep-v15-turbo", "none"}), {}, kFloat16,
                        {.keeps_models = true});
  Engine engine(components, {}, {.observer = observer_, .check_stop = {}});
  engine.render(small_request());
  EXPECT_EQ(components.precision().weights, at::kFloat);
  components.restore_precision();
  EXPECT_EQ(components.precision().weights, at::kHalf);
}

// docs/PARITY.md, "short songs".
TEST_F(SmallEngine, AShortSongIsCroppedButNotTheReferences) {
  GenerationRequest request = small_request();
  request.duration = 3.0;
  const Rendering cropped = render(request, kFloat32);
  EXPECT_EQ(cropped.songs.at(0).waveform.frames(), 3 * 48000);
  EXPECT_EQ(cropped.songs.at(0).latents.size(0), 75);
  const Rendering whole = render(request, kFloat32, {.follows_reference = true, .global_seed = 1});
  EXPECT_EQ(whole.songs.at(0).waveform.frames(), 128 * 1920);
  EXPECT_EQ(whole.songs.at(0).latents.size(0), 128);
}

TEST_F(SmallEngine, BFloat16IsCloseToFloat32) {
  const at::Tensor expected = render(small_request(), kFloat32).songs.at(0).latents;
  const at::Tensor actual = render(small_request(), kBFloat16).songs.at(0).latents;
  const double error = relative_error(actual, expected);
  std::cout << "bf16 latents differ by " << error << " (relative rms)\n";
  EXPECT_GT(error, 0.0);
  EXPECT_LT(error, 3e-2);
}

TEST_F(SmallEngine, Float16WithoutOverflowIsCloseAndNotRetried) {
  const at::Tensor expected = render(small_request(), kFloat32).songs.at(0).latents;
  const at::Tensor actual = render(small_request(), kFloat16).songs.at(0).latents;
  EXPECT_LT(relative_error(actual, expected), 3e-3);
  EXPECT_THAT(observer_.adjustments, IsEmpty());
}

TEST_F(SmallEngine, AnOverflowOfFloat16IsRetriedOnceInFloat32) {
  change_dit("decoder.layers.0.mlp.down_proj.weight", 1 << 24);
  const Rendering expected = render(small_request(), kFloat32);
  EXPECT_THAT(observer_.adjustments, IsEmpty());
  const Rendering actual = render(small_request(), kFloat16);
  ASSERT_THAT(observer_.adjustments, SizeIs(1));
  EXPECT_EQ(observer_.adjustments[0].field, "dtype");
  EXPECT_EQ(observer_.adjustments[0].from, "fp16");
  EXPECT_EQ(observer_.adjustments[0].to, "fp32");
  EXPECT_THAT(observer_.adjustments[0].why, HasSubstr("step 1 of 4"));
  EXPECT_EQ(actual.songs.at(0).waveform.samples, expected.songs.at(0).waveform.samples);
  EXPECT_THAT(actual.songs, SizeIs(1));
  EXPECT_THAT(actual.texts, SizeIs(2));
  EXPECT_THAT(actual.conditions, SizeIs(1));
}

// The global generator starts over, too.
TEST_F(SmallEngine, ARetryOfTheReferencesSdeDrawsTheSameNoise) {
  change_dit("decoder.layers.0.mlp.down_proj.weight", 1 << 24);
  GenerationRequest request = small_request();
  request.infer_method = "sde";
  const EngineOptions options{.follows_reference = true, .global_seed = 5};
  const Rendering expected = render(request, kFloat32, options);
  const Rendering actual = render(request, kFloat16, options);
  EXPECT_THAT(observer_.adjustments, SizeIs(1));
  EXPECT_EQ(actual.songs.at(0).waveform.samples, expected.songs.at(0).waveform.samples);
}

TEST_F(SmallEngine, AnOverflowInTheDecoderIsRetriedAsWell) {
  change("vae", "diffusion_pytorch_model.safetensors", "decoder.conv1.weight_g", 1e6);
  const Rendering expected = render(small_request(), kFloat32);
  const Rendering actual = render(small_request(), kFloat16);
  ASSERT_THAT(observer_.adjustments, SizeIs(1));
  EXPECT_THAT(observer_.adjustments[0].why, HasSubstr("decode"));
  EXPECT_THAT(actual.songs, SizeIs(1));
  EXPECT_EQ(actual.songs.at(0).waveform.frames(), expected.songs.at(0).waveform.frames());
}

TEST_F(SmallEngine, LatentsThatAreNotFiniteAreRejectedNamingTheStep) {
  change_dit("decoder.norm_out.weight", std::numeric_limits<double>::quiet_NaN());
  for (const device::Precision& precision : {kFloat32, kBFloat16, kFloat16}) {
    const std::string message =
        message_of(ErrorCode::kRejected, [&] { render(small_request(), precision); });
    EXPECT_THAT(message, AllOf(HasSubstr("denoise"), HasSubstr("step 1 of 4")));
  }
  EXPECT_THAT(observer_.adjustments, SizeIs(1));  // fp16 was tried twice
}

TEST_F(SmallEngine, AudioThatIsNotFiniteIsRejectedNamingTheTile) {
  change("vae", "diffusion_pytorch_model.safetensors", "decoder.conv2.weight_g",
         std::numeric_limits<double>::infinity());
  EXPECT_THAT(message_of(ErrorCode::kRejected, [&] { render(small_request(), kFloat32); }),
              AllOf(HasSubstr("decode"), HasSubstr("tile 1")));
}

TEST_F(SmallEngine, SilentAudioIsRejectedNamingTheSong) {
  change("vae", "diffusion_pytorch_model.safetensors", "decoder.conv2.weight_g", 0.0);
  EXPECT_THAT(message_of(ErrorCode::kRejected, [&] { render(small_request(), kFloat32); }),
              AllOf(HasSubstr("decode: song 1"), HasSubstr("silent")));
}

}  // namespace
}  // namespace acestep::pipeline
