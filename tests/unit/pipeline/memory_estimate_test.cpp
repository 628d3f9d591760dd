// The estimate of src/plan against what songs take on the simulated GPU.
#include "plan/memory_estimate.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "audio/writer.h"
#include "condition/latent_plan.h"
#include "pipeline/model_facts.h"
#include "pipeline/song_shape.h"
#include "plan/decode_tile.h"
#include "sim/simulated_gpu.h"
#include "unit/pipeline/small_models.h"
#include "unit/util/temp_folder.h"
#include "util/temp_folder.h"

namespace acestep::pipeline {
namespace {

using request::GenerationRequest;
using testing::SilentObserver;

constexpr device::Precision kFloat32 = {};
constexpr device::Precision kBFloat16 = {at::kBFloat16, at::kBFloat16, false};
constexpr device::Precision kFloat16 = {at::kHalf, at::kFloat, true};

constexpr char kTurbo[] = "acestep-v15-turbo";
constexpr char kBase[] = "acestep-v15-base";
constexpr char kXl[] = "acestep-v15-xl-turbo";
constexpr char kLm[] = "acestep-5Hz-lm-0.6B";

constexpr double kPreviewSeconds = 3.0;

struct Case {
  const char* name;
  const char* dit = kTurbo;
  const char* lm = "none";
  device::Precision precision = kFloat32;
  Quantization quantization = {};
  double seconds = 5.2;
  int64_t songs = 1;
  int64_t songs_together = 1;
  bool follows_reference = false;
  bool streams_dit_blocks = false;
  bool previews = false;
  bool is_listened_to = false;
  std::function<void(GenerationRequest&)> change = {};
};

GenerationRequest request_of(const Case& song) {
  GenerationRequest request;
  request.caption = "calm piano";
  request.lyrics = "[Verse]\nla la la\nla la";
  request.duration = song.seconds;
  request.inference_steps = 2;
  request.use_cot_caption = false;
  request.use_cot_language = false;
  request.batch_size = song.songs;
  request.seeds = {7};
  if (song.change) song.change(request);
  return request;
}

// A sound of 1.6 s, written once.
std::string short_source() {
  static const std::filesystem::path file = [] {
    const auto path = std::filesystem::temp_directory_path() /
                      ("acestep-estimate-" + std::to_string(::getpid()) + ".wav");
    audio::Waveform sound(48000, 2, 76800);
    for (std::size_t i = 0; i < sound.samples.size(); ++i) {
      sound.samples[i] = i % 100 < 50 ? 0.3F : -0.3F;
    }
    audio::write_audio(path, sound, {.format = audio::FileFormat::kWav16}, {},
                       util::Existing::kReplace);
    return path;
  }();
  return file.string();
}

plan::LinearForm form_of(weights::LinearWeights weights) {
  return weights == weights::LinearWeights::kInt8 ? plan::LinearForm::kInt8
                                                  : plan::LinearForm::kDense;
}

std::vector<plan::LanguagePass> passes_of(const Rendering& rendering) {
  std::vector<plan::LanguagePass> passes;
  for (const lm::ComposePass& pass : rendering.passes) {
    const bool is_guided = !pass.result.unconditional_ids.empty();
    const bool writes_codes =
        pass.request.grammar && pass.request.grammar->phase == lm::Phase::kCodes;
    const bool writes_text = !pass.request.grammar || !pass.request.grammar->skips_caption;
    passes.push_back(
        {.writing = writes_codes  ? plan::Writing::kCodes
                    : writes_text ? plan::Writing::kText
                                  : plan::Writing::kMetadata,
         .rows = is_guided ? 2 : 1,
         .prompt_tokens = static_cast<int64_t>(pass.result.prompt_ids.size()),
         .new_tokens = pass.request.max_new_tokens,
         .pads_prompts = pass.result.prompt_padding > 0 || pass.result.unconditional_padding > 0});
  }
  return passes;
}

constexpr int64_t kReferenceFrames = 750;  // 30 s

// A file that stays for all tests.
const std::string& reference_file() {
  static const util::TempFolder folder("acestep-test");
  static const std::string file = [] {
    audio::Waveform sound(48000, 1, 48000);
    for (std::size_t i = 0; i < sound.samples.size(); ++i)
      sound.samples[i] = i % 90 < 45 ? 0.2F : 0;
    const auto path = folder.path() / "reference.wav";
    audio::write_audio(path, sound, {audio::FileFormat::kWav16}, {});
    return path.string();
  }();
  return file;
}

// With the lengths that the song turned out to have.
plan::SongShape shape_of(const Case& song, const GenerationRequest& request,
                         const Rendering& rendering) {
  plan::SongShape shape;
  shape.frames = rendering.conditions.front().frames;
  shape.songs = song.songs;
  shape.songs_together = song.songs_together;
  if (song.follows_reference) shape.songs_per_batch = song.songs;
  const std::size_t texts_of_a_song = request.audio_cover_strength < 1.0 ? 3 : 2;
  for (std::size_t i = 0; i + 1 < rendering.texts.size(); i += texts_of_a_song) {
    const auto longest = [](int64_t so_far, const EncodedText& text) {
      return std::max(so_far, static_cast<int64_t>(text.ids.size()));
    };
    shape.text_tokens = longest(shape.text_tokens, rendering.texts[i]);
    shape.lyric_tokens = longest(shape.lyric_tokens, rendering.texts[i + 1]);
  }
  for (const Song& made : rendering.songs) {
    shape.audio_codes =
        std::max(shape.audio_codes, static_cast<int64_t>(made.composition.audio_codes.size()));
  }
  shape.is_guided = song.dit == std::string(kBase);
  shape.guides_by_angle = request.use_adg;
  shape.uses_heun = request.sampler_mode == "heun";
  shape.preview_frames = plan::preview_frames(kPreviewSeconds);
  shape.passes = passes_of(rendering);
  if (!request.reference_audio.empty()) {
    shape.hears_reference = true;
    shape.source_frames = kReferenceFrames;
  }
  if (request.has_source()) shape.source_frames = 40;
  shape.hears_source_as_codes = request.task_type == "cover";
  shape.keeps_part = request.has_parts();
  shape.leaves_cover = request.audio_cover_strength < 1.0;
  shape.is_listened_to = song.is_listened_to;
  return shape;
}

struct Comparison {
  plan::StageNeed estimate;  // with the lengths that the song turned out to have
  plan::StageNeed bound;     // with those that were known before
  uint64_t measured = 0;
};

constexpr int64_t kTileFrames = 256;

Rendering render(Components& components, const Case& song) {
  SilentObserver observer;
  EngineOptions options;
  options.follows_reference = song.follows_reference;
  options.global_seed = 3;
  options.songs_together = song.songs_together;
  options.vae_chunk_frames = kTileFrames;
  if (song.previews) options.preview = {.seconds = kPreviewSeconds, .every_steps = 1};
  options.review = {.times_lyrics = song.is_listened_to, .scores = song.is_listened_to};
  return Engine(components, options, {.observer = observer, .check_stop = {}})
      .render(request_of(song), {}, [](const auto&...) {});
}

// The reference's windows have a length of their own.
int64_t window_of(const Case& song) {
  return song.follows_reference ? plan::reference_window(std::nullopt) : 0;
}

plan::Holding holding_of(const Case& song) {
  return {.numbers = number_bytes(song.precision),
          .dit = form_of(song.quantization.dit),
          .language_model = form_of(song.quantization.language_model),
          .streams_dit_blocks = song.streams_dit_blocks,
          .tile_frames = kTileFrames,
          .holds_waveform = true,
          .window_frames = window_of(song),
          .previews = song.previews};
}

// Listening is estimated as a part of denoising.
uint64_t peak_of(const Rendering& rendering, const std::string& stage) {
  uint64_t peak = 0;
  for (const StageUse& use : rendering.stages) {
    const bool is_part = use.stage == stage || (stage == "denoise" && use.stage == "listen");
    if (is_part) peak = std::max(peak, use.peak_bytes.value());
  }
  return peak;
}

// Models leave the device after their stage, so that each one is measured alone.
std::vector<Comparison> compare(const std::filesystem::path& checkpoints, const Case& song) {
  const device::ComputeDevice where = device::choose_device("sim", false, "no driver");
  const ModelFolders folders = find_models({checkpoints, song.dit, song.lm});
  const uint64_t before = sim::stats().live_bytes;
  Components components(folders, where, song.precision,
                        {.offloads_to_cpu = true,
                         .offloads_dit = true,
                         .streams_dit_blocks = song.streams_dit_blocks,
                         .previews_on_device = true},
                        song.quantization);
  const Rendering rendering = render(components, song);

  const plan::SongModels models = read_model_facts(folders);
  const GenerationRequest request = request_of(song);
  const auto estimates =
      plan::estimate_stages(models, shape_of(song, request, rendering), holding_of(song));
  plan::SongShape known = song_shape(request, components.dit_config(),
                                     {.uses_language_model = folders.uses_lm(),
                                      .songs_together = song.songs_together,
                                      .follows_reference = song.follows_reference,
                                      .is_listened_to = song.is_listened_to,
                                      .scores_codes = song.is_listened_to,
                                      .source_samples = request.has_source() ? 76800 : 0,
                                      .encodes_source = request.has_source()});
  known.preview_frames = plan::preview_frames(kPreviewSeconds);
  const auto bounds = plan::estimate_stages(models, known, holding_of(song));
  std::vector<Comparison> stages;
  for (const StageUse& use : rendering.stages) {
    if (use.stage == "listen") continue;  // a part of denoising
    if (use.stage == "score") {           // planned with composing
      EXPECT_LE(use.peak_bytes.value() - before, bounds.front().bytes());
      continue;
    }
    const auto is_its = [&](const plan::StageNeed& need) { return need.stage == use.stage; };
    stages.push_back({*std::find_if(estimates.begin(), estimates.end(), is_its),
                      *std::find_if(bounds.begin(), bounds.end(), is_its),
                      peak_of(rendering, use.stage) - before});
  }
  return stages;
}

double mib(uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

void print(const Case& song, const std::vector<Comparison>& stages) {
  for (const Comparison& stage : stages) {
    if (stage.measured == 0) continue;
    std::printf("%-14s %-10s %9.2f + %9.2f MiB, measured %9.2f, ratio %.4f, bound %9.2f\n",
                song.name, stage.estimate.stage.c_str(), mib(stage.estimate.weight_bytes),
                mib(stage.estimate.activation_bytes), mib(stage.measured),
                mib(stage.estimate.bytes()) / mib(stage.measured), mib(stage.bound.bytes()));
  }
}

void expect_close(const std::vector<Comparison>& stages) {
  for (const Comparison& stage : stages) {
    SCOPED_TRACE(stage.estimate.stage);
    EXPECT_GE(stage.estimate.bytes(), stage.measured);
    EXPECT_LE(mib(stage.estimate.bytes()), 1.1 * mib(stage.measured));
    EXPECT_GE(stage.bound.bytes(), stage.measured);
  }
}

class MemoryEstimate : public ::testing::TestWithParam<Case> {};

TEST_P(MemoryEstimate, IsNeverBelowAStagesPeakAndAtMostATenthAbove) {
  expect_close(compare(testing::small_checkpoints(), GetParam()));
}

// Models whose config.json says which heads follow the lyrics.
class ListeningEstimate : public acestep::testing::TempFolder {
 protected:
  void SetUp() override {
    TempFolder::SetUp();
    testing::copy_checkpoints(folder_, kTurbo);
    const auto file = folder_ / kTurbo / "config.json";
    nlohmann::json config = nlohmann::json::parse(std::ifstream(file));
    config["lyric_alignment_layers_config"] = {{"1", {0, 3}}, {"2", nlohmann::json::array({1})}};
    std::ofstream(file) << config.dump();
  }
};

TEST_F(ListeningEstimate, IsNeverBelowTheLargerPeakAndAtMostATenthAbove) {
  expect_close(compare(folder_, {.name = "listening", .seconds = 49, .is_listened_to = true}));
}

TEST_F(ListeningEstimate, HoldsForScoresOfCodes) {
  expect_close(
      compare(folder_, {.name = "scored", .lm = kLm, .seconds = 10, .is_listened_to = true}));
}

TEST_F(ListeningEstimate, HoldsInBFloat16Too) {
  expect_close(compare(
      folder_,
      {.name = "listening", .precision = kBFloat16, .seconds = 49, .is_listened_to = true}));
}

// Full-size models, by hand: ACESTEP_FULL_SIZE names their folder (docs/BENCHMARKS.md).
class FullSize : public ::testing::TestWithParam<Case> {};

TEST_P(FullSize, TheEstimateIsNeverBelowAStagesPeakAndAtMostATenthAbove) {
  const char* folder = std::getenv("ACESTEP_FULL_SIZE");
  if (folder == nullptr) GTEST_SKIP() << "ACESTEP_FULL_SIZE is not set";
  const auto stages = compare(folder, GetParam());
  print(GetParam(), stages);
  expect_close(stages);
}

constexpr Quantization kInt8 = {weights::LinearWeights::kInt8, weights::LinearWeights::kInt8};

INSTANTIATE_TEST_SUITE_P(
    Songs, MemoryEstimate,
    ::testing::Values(
        Case{.name = "float32"}, Case{.name = "bfloat16", .precision = kBFloat16},
        Case{.name = "float16", .precision = kFloat16},
        Case{.name = "int8", .precision = kBFloat16, .quantization = kInt8},
        Case{.name = "xl", .dit = kXl, .precision = kBFloat16},
        // Longer than what is attended to densely.
        Case{.name = "long", .seconds = 49}, Case{.name = "guided", .dit = kBase},
        Case{
            .name = "angle", .dit = kBase, .change = [](auto& request) { request.use_adg = true; }},
        Case{.name = "heun", .change = [](auto& request) { request.sampler_mode = "heun"; }},
        Case{.name = "in_turns", .songs = 2},
        Case{.name = "together", .songs = 2, .songs_together = 2},
        Case{.name = "reference", .songs = 2, .follows_reference = true},
        Case{.name = "streamed", .precision = kBFloat16, .streams_dit_blocks = true},
        Case{.name = "cover",
             .change =
                 [](auto& request) {
                   request.task_type = "cover";
                   request.src_audio = short_source();
                   request.audio_cover_strength = 0.5;
                 }},
        Case{.name = "repaint_bfloat16",
             .precision = kBFloat16,
             .change =
                 [](auto& request) {
                   request.task_type = "repaint";
                   request.src_audio = short_source();
                   request.repainting_end = 1.0;
                 }},
        Case{.name = "like_another",
             .precision = kBFloat16,
             .change = [](auto& request) { request.reference_audio = reference_file(); }},
        Case{.name = "two_like_another",
             .songs = 2,
             .follows_reference = true,
             .change = [](auto& request) { request.reference_audio = reference_file(); }},
        Case{.name = "previews", .precision = kBFloat16, .previews = true},
        Case{.name = "previews_together",
             .songs = 2,
             .songs_together = 2,
             .streams_dit_blocks = true,
             .previews = true},
        Case{.name = "with_lm", .lm = kLm, .seconds = 10},
        Case{.name = "with_lm_bfloat16", .lm = kLm, .precision = kBFloat16, .seconds = 10},
        Case{.name = "writing_captions",
             .lm = kLm,
             .seconds = 10,
             .change = [](auto& request) { request.use_cot_caption = true; }}),
    [](const auto& instance) { return instance.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Songs, FullSize,
    ::testing::Values(
        Case{.name = "bf16_10s", .precision = kBFloat16, .seconds = 10},
        Case{.name = "bf16_30s", .precision = kBFloat16, .seconds = 30},
        Case{.name = "int8_10s", .precision = kBFloat16, .quantization = kInt8, .seconds = 10},
        Case{.name = "int8_30s", .precision = kBFloat16, .quantization = kInt8, .seconds = 30},
        Case{.name = "lm_bf16_10s", .lm = kLm, .precision = kBFloat16, .seconds = 10},
        Case{.name = "lm_int8_10s",
             .lm = kLm,
             .precision = kBFloat16,
             .quantization = kInt8,
             .seconds = 10}),
    [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace acestep::pipeline
