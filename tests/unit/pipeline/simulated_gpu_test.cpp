#include "sim/simulated_gpu.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "unit/pipeline/small_models.h"
#include "unit/util/temp_folder.h"
#include "weights/safetensors_source.h"

namespace acestep::pipeline {
namespace {

using request::GenerationRequest;
using testing::SilentObserver;

constexpr device::Precision kFloat32 = {};
constexpr device::Precision kBFloat16 = {at::kBFloat16, at::kBFloat16, false};
constexpr device::Precision kFloat16 = {at::kHalf, at::kFloat, true};

constexpr double kSeconds = 5.2;
constexpr double kSecondsWithLm = 10.0;  // the shortest that it plans

struct Case {
  const char* name;
  const char* dit;
  const char* lm;
  device::Precision precision;
  Quantization quantization = {};
  RandomSource random_source = RandomSource::kCpu;
  GenerationRequest request = {};
};

void fill_in(GenerationRequest& request) {
  request.caption = "calm piano";
  request.lyrics = "[Instrumental]";
  request.duration = kSeconds;
  request.inference_steps = 2;
  // What a random language model writes by itself ends by chance.
  request.use_cot_caption = false;
  request.use_cot_language = false;
  request.seeds = {7};
}

Rendering render(const Case& song, const device::ComputeDevice& where) {
  GenerationRequest request = song.request;
  fill_in(request);
  if (song.lm != std::string("none")) request.duration = kSecondsWithLm;
  SilentObserver observer;
  Components components(find_models({testing::small_checkpoints(), song.dit, song.lm}), where,
                        song.precision, MemoryPolicy{}, song.quantization);
  EngineOptions options;
  options.random_source = song.random_source;
  options.vae_chunk_frames = 256;  // whatever memory is free
  return Engine(components, options, {.observer = observer, .check_stop = {}}).render(request);
}

device::ComputeDevice simulated() { return device::choose_device("sim", false, "no driver"); }

class SimulatedGpu : public ::testing::Test {
 protected:
  ~SimulatedGpu() override {
    sim::set_cap(std::nullopt);
    sim::set_fresh_memory(sim::FreshMemory::kAnything);
  }
};

class SimulatedSong : public SimulatedGpu, public ::testing::WithParamInterface<Case> {};

// Poisoned memory would change a song that reads what it has not written.
TEST_P(SimulatedSong, EqualsTheCpusToTheBit) {
  sim::set_fresh_memory(sim::FreshMemory::kPoison);
  const Rendering expected = render(GetParam(), {});
  const Rendering found = render(GetParam(), simulated());
  ASSERT_EQ(found.songs.size(), expected.songs.size());
  for (std::size_t i = 0; i < found.songs.size(); ++i) {
    EXPECT_EQ(found.songs[i].composition.audio_codes, expected.songs[i].composition.audio_codes);
    EXPECT_TRUE(at::equal(found.songs[i].latents, expected.songs[i].latents));
    EXPECT_EQ(found.songs[i].waveform.samples, expected.songs[i].waveform.samples);
  }
}

GenerationRequest with(const std::function<void(GenerationRequest&)>& change) {
  GenerationRequest request;
  change(request);
  return request;
}

constexpr char kTurbo[] = "acestep-v15-turbo";
constexpr char kBase[] = "acestep-v15-base";
constexpr char kXl[] = "acestep-v15-xl-turbo";
constexpr char kLm[] = "acestep-5Hz-lm-0.6B";
constexpr Quantization kInt8 = {weights::LinearWeights::kInt8, weights::LinearWeights::kInt8};

INSTANTIATE_TEST_SUITE_P(
    Songs, SimulatedSong,
    ::testing::Values(Case{.name = "float32", .dit = kTurbo, .lm = kLm, .precision = kFloat32},
                      Case{.name = "bfloat16", .dit = kTurbo, .lm = kLm, .precision = kBFloat16},
                      Case{.name = "float16", .dit = kTurbo, .lm = "none", .precision = kFloat16},
                      Case{.name = "int8",
                           .dit = kTurbo,
                           .lm = kLm,
                           .precision = kBFloat16,
                           .quantization = kInt8},
                      Case{.name = "xl", .dit = kXl, .lm = "none", .precision = kBFloat16},
                      Case{.name = "guided",
                           .dit = kBase,
                           .lm = "none",
                           .precision = kFloat32,
                           .request = with([](auto& request) { request.guidance_scale = 7.0; })},
                      Case{.name = "guided_by_angle",
                           .dit = kBase,
                           .lm = "none",
                           .precision = kFloat32,
                           .request = with([](auto& request) {
                             request.guidance_scale = 7.0;
                             request.use_adg = true;
                           })},
                      Case{.name = "sde",
                           .dit = kTurbo,
                           .lm = "none",
                           .precision = kFloat32,
                           .random_source = RandomSource::kDevice,
                           .request = with([](auto& request) {
                             request.infer_method = "sde";
                             request.retake_variance = 0.3;
                           })},
                      Case{.name = "two_songs",
                           .dit = kTurbo,
                           .lm = "none",
                           .precision = kFloat32,
                           .request = with([](auto& request) { request.batch_size = 2; })}),
    [](const auto& instance) { return instance.param.name; });

const Case kSmallSong{.name = "", .dit = kTurbo, .lm = "none", .precision = kFloat32};

// The transformer's own weights, all of them on the device while it works.
uint64_t transformer_bytes(at::ScalarType dtype) {
  const auto source = weights::open_model_folder(testing::small_checkpoints() / kTurbo);
  uint64_t numbers = 0;
  for (const std::string& name : source->names()) {
    if (!name.starts_with("decoder.")) continue;
    numbers += static_cast<uint64_t>(source->tensor(name).numel());
  }
  return numbers * c10::elementSize(dtype);
}

TEST_F(SimulatedGpu, ThePeakHoldsTheLargestModelAndEverythingIsGivenBack) {
  const device::ComputeDevice where = simulated();
  const uint64_t before = sim::stats().live_bytes;
  sim::reset_peak();
  render(kSmallSong, where);
  EXPECT_GT(sim::stats().peak_bytes - before, transformer_bytes(at::kFloat));
  EXPECT_EQ(sim::stats().live_bytes, before);
}

TEST_F(SimulatedGpu, EveryStageTellsItsOwnPeak) {
  const device::ComputeDevice where = simulated();
  const uint64_t before = sim::stats().live_bytes;
  const Rendering rendering = render(kSmallSong, where);
  std::vector<std::string> stages;
  for (const StageUse& use : rendering.stages) {
    stages.push_back(use.stage);
    ASSERT_TRUE(use.peak_bytes.has_value());
  }
  EXPECT_EQ(stages, (std::vector<std::string>{"compose", "condition", "denoise", "decode"}));
  // Without a language model the first stage computes nothing; the denoiser's transformer is not
  // there yet when the conditions are made, and no longer when the song is decoded.
  EXPECT_EQ(rendering.stages[0].peak_bytes, before);
  EXPECT_GT(*rendering.stages[2].peak_bytes, transformer_bytes(at::kFloat));
  EXPECT_NE(rendering.stages[1].peak_bytes, rendering.stages[2].peak_bytes);
  EXPECT_NE(rendering.stages[3].peak_bytes, rendering.stages[2].peak_bytes);
}

TEST_F(SimulatedGpu, HalfPrecisionTakesLess) {
  const auto peak_of = [](const device::Precision& precision) {
    const uint64_t before = sim::stats().live_bytes;
    sim::reset_peak();
    Case song = kSmallSong;
    song.precision = precision;
    render(song, simulated());
    return sim::stats().peak_bytes - before;
  };
  EXPECT_LT(peak_of(kBFloat16), peak_of(kFloat32));
}

TEST_F(SimulatedGpu, SongAfterSongDoesNotGrow) {
  const device::ComputeDevice where = simulated();
  SilentObserver observer;
  Components components(find_models({testing::small_checkpoints(), kTurbo, "none"}), where,
                        kFloat32);
  GenerationRequest request;
  fill_in(request);
  Engine engine(components, {}, {.observer = observer, .check_stop = {}});
  const uint64_t before = sim::stats().live_bytes;
  for (int song = 0; song < 3; ++song) {
    engine.render(request);
    EXPECT_EQ(sim::stats().live_bytes, before);
  }
}

TEST_F(SimulatedGpu, ACapAtThePeakMakesTheSameSong) {
  const device::ComputeDevice where = simulated();
  sim::reset_peak();
  const std::vector<float> expected = render(kSmallSong, where).songs.at(0).waveform.samples;
  sim::set_cap(sim::stats().peak_bytes);
  EXPECT_EQ(render(kSmallSong, where).songs.at(0).waveform.samples, expected);
}

}  // namespace
}  // namespace acestep::pipeline
