// What a song does when the simulated GPU refuses memory: every measure is taken at least once,
// told, and leaves the song what it would have been.
#include "pipeline/memory_measures.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <malloc.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

#include "sim/simulated_gpu.h"
#include "unit/pipeline/small_models.h"
#include "util/error.h"

namespace acestep::pipeline {
namespace {

using request::GenerationRequest;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// From the beginning of a stage on, so many allocations are refused.
class RefusingObserver final : public song::Observer {
 public:
  RefusingObserver(std::string stage, uint64_t refusals)
      : stage_(std::move(stage)), refusals_(refusals) {}

  void stage(std::string_view name) override {
    if (name != stage_ || refusals_ == 0) return;
    sim::refuse_next(refusals_);
    refusals_ = 0;
  }
  void step(int64_t, int64_t) override {}
  void adjustment(const song::Adjustment& adjustment) override {
    measures.push_back(adjustment.field + " " + adjustment.from + " -> " + adjustment.to);
  }

  std::vector<std::string> measures;

 private:
  std::string stage_;
  uint64_t refusals_;
};

GenerationRequest request_for(int64_t songs, bool thinks) {
  GenerationRequest request;
  request.caption = "calm piano";
  request.lyrics = "[Instrumental]";
  request.duration = thinks ? 10.0 : 5.2;
  request.thinking = thinks;
  request.inference_steps = 2;
  request.use_cot_metas = request.use_cot_caption = request.use_cot_language = false;
  request.batch_size = songs;
  for (int64_t i = 0; i < songs; ++i) request.seeds.push_back(7 + i);
  return request;
}

struct Attempt {
  const char* stage = "";
  uint64_t refusals = 0;
  int64_t songs = 1;
  int64_t songs_together = 1;
  MemoryPolicy policy = {};
};

struct Outcome {
  std::vector<std::vector<float>> songs;
  std::vector<std::string> measures;
};

double decibels(const std::vector<float>& expected, const std::vector<float>& found) {
  double signal = 0;
  double noise = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double difference = static_cast<double>(found[i]) - static_cast<double>(expected[i]);
    signal += static_cast<double>(expected[i]) * static_cast<double>(expected[i]);
    noise += difference * difference;
  }
  return noise == 0 ? 999 : 10 * std::log10(signal / noise);
}

constexpr double kFewestDecibels = 60;

void expect_close(const Outcome& found, const Outcome& expected) {
  ASSERT_EQ(found.songs.size(), expected.songs.size());
  for (std::size_t i = 0; i < found.songs.size(); ++i) {
    ASSERT_EQ(found.songs[i].size(), expected.songs[i].size());
    EXPECT_GT(decibels(expected.songs[i], found.songs[i]), kFewestDecibels) << i;
  }
}

class MemoryMeasures : public ::testing::Test {
 protected:
  ~MemoryMeasures() override {
    sim::refuse_next(0);
    sim::set_cap(std::nullopt);
    sim::set_fresh_memory(sim::FreshMemory::kAnything);
  }

  static Outcome make(const Attempt& attempt) {
    at::set_num_threads(1);
    const device::ComputeDevice where = device::choose_device("sim", false, "no driver");
    sim::set_fresh_memory(sim::FreshMemory::kPoison);
    const uint64_t before = sim::stats().live_bytes;
    RefusingObserver observer(attempt.stage, attempt.refusals);
    const bool thinks = attempt.stage == std::string("compose");
    Outcome outcome;
    {
      Components components(find_models({testing::small_checkpoints(), "acestep-v15-turbo",
                                         thinks ? "acestep-5Hz-lm-0.6B" : "none"}),
                            where, {}, attempt.policy);
      const EngineOptions options{.songs_together = attempt.songs_together};
      Engine engine(components, options, {.observer = observer, .check_stop = {}});
      if (attempt.policy.keeps_models) warm_up(components, options);
      for (Song& song : engine.render(request_for(attempt.songs, thinks)).songs) {
        outcome.songs.push_back(std::move(song.waveform.samples));
      }
    }
    EXPECT_EQ(sim::stats().live_bytes, before);
    outcome.measures = observer.measures;
    return outcome;
  }

  // Afterwards all models are where the policy keeps them.
  static void warm_up(Components& components, const EngineOptions& options) {
    testing::SilentObserver silent;
    Engine(components, options, {.observer = silent, .check_stop = {}})
        .render(request_for(1, false));
  }

  // The same song or songs with nothing refused.
  static Outcome expected(Attempt attempt) {
    attempt.refusals = 0;
    Outcome outcome = make(attempt);
    EXPECT_THAT(outcome.measures, IsEmpty());
    return outcome;
  }
};

constexpr char kOffload[] = "offload_to_cpu off -> on";

TEST_F(MemoryMeasures, IdleModelsLeaveFirst) {
  const Attempt attempt{.stage = "denoise", .refusals = 1};
  const Outcome found = make(attempt);
  EXPECT_THAT(found.measures, ElementsAre(kOffload));
  EXPECT_EQ(found.songs, expected(attempt).songs);
}

TEST_F(MemoryMeasures, TheLanguageModelMovesToTheProcessor) {
  const Attempt attempt{.stage = "compose", .refusals = 2};
  const Outcome found = make(attempt);
  EXPECT_THAT(found.measures, ElementsAre(kOffload, "lm_device gpu -> cpu"));
  EXPECT_EQ(found.songs, expected(attempt).songs);
}

TEST_F(MemoryMeasures, ConditioningMovesToTheProcessor) {
  const Attempt attempt{.stage = "condition", .refusals = 2};
  const Outcome found = make(attempt);
  EXPECT_THAT(found.measures, ElementsAre(kOffload, "condition_device gpu -> cpu"));
  EXPECT_EQ(found.songs, expected(attempt).songs);
}

TEST_F(MemoryMeasures, FewerSongsTogetherThenStreamedBlocks) {
  const Attempt attempt{.stage = "denoise", .refusals = 4, .songs = 5, .songs_together = 4};
  const Outcome found = make(attempt);
  EXPECT_THAT(found.measures, ElementsAre(kOffload, "songs_together 4 -> 2",
                                          "songs_together 2 -> 1", "stream_dit_blocks off -> on"));
  expect_close(found, expected(attempt));
}

// Sums of larger products are rounded elsewhere: no more than that.
TEST_F(MemoryMeasures, SongsTogetherAreTheSongsAlone) {
  expect_close(make({.songs = 5, .songs_together = 4}), make({.songs = 5}));
}

TEST_F(MemoryMeasures, Row39_DecodingShrinksItsTilesThenFreesTheSoundThenMovesToTheProcessor) {
  const std::vector<std::string> rungs = {kOffload, "vae_chunk_size 130 frames -> 128 frames",
                                          "vae_chunk_size 128 frames -> 64 frames",
                                          "vae_waveform device -> cpu", "vae_on_cpu off -> on"};
  // The VAE is on the device already, so that the refusals meet its work.
  const MemoryPolicy keeps = {.keeps_models = true};
  const Outcome whole = expected({.stage = "decode", .policy = keeps});
  for (std::size_t refusals = 1; refusals <= rungs.size(); ++refusals) {
    const Outcome found = make({.stage = "decode", .refusals = refusals, .policy = keeps});
    const std::vector<std::string> climbed(rungs.begin(),
                                           rungs.begin() + static_cast<std::ptrdiff_t>(refusals));
    EXPECT_THAT(found.measures, ElementsAreArray(climbed));
    expect_close(found, whole);
    const bool has_other_tiles = refusals > 1;
    EXPECT_TRUE(has_other_tiles || found.songs == whole.songs);
  }
}

TEST_F(MemoryMeasures, AreOverAtLastWithOneError) {
  try {
    make({.stage = "denoise", .refusals = 99});
    FAIL() << "nothing was refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kMemory);
    EXPECT_THAT(error.message(), HasSubstr("'denoise'"));
  }
}

TEST_F(MemoryMeasures, StrictAllowsNone) {
  const MemoryPolicy strict = {.may_adapt = false};
  for (const char* stage : {"condition", "denoise", "decode"}) {
    EXPECT_THROW(make({.stage = stage, .refusals = 1, .policy = strict}), Error) << stage;
  }
}

TEST_F(MemoryMeasures, TheUsersNoIsKept) {
  const MemoryPolicy resident = {.may_offload = false, .may_stream = false};
  EXPECT_THROW(make({.stage = "denoise", .refusals = 1, .policy = resident}), Error);
}

// Without what the C library keeps for later.
uint64_t resident_bytes_of_process() {
  malloc_trim(0);
  std::ifstream statm("/proc/self/statm");
  uint64_t pages = 0;
  statm >> pages >> pages;
  return pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

// Host copies are made once; what a song takes it gives back.
TEST_F(MemoryMeasures, TwentySongsInOneProcessDoNotGrow) {
  at::set_num_threads(1);
  const device::ComputeDevice where = device::choose_device("sim", false, "no driver");
  const MemoryPolicy policy = {.offloads_to_cpu = true,
                               .offloads_dit = true,
                               .streams_dit_blocks = true,
                               .keeps_models = true};
  Components components(find_models({testing::small_checkpoints(), "acestep-v15-turbo", "none"}),
                        where, {}, policy);
  const auto make_songs = [&](int count) {
    for (int song = 0; song < count; ++song) warm_up(components, {});
  };
  make_songs(8);
  const uint64_t device_before = sim::stats().live_bytes;
  const uint64_t host_before = resident_bytes_of_process();
  make_songs(12);
  EXPECT_EQ(sim::stats().live_bytes, device_before);
  constexpr uint64_t kSlack = 6 << 20;  // a quarter of the sound of twelve songs, 2 MB each
  EXPECT_LT(resident_bytes_of_process(), host_before + kSlack);
  EXPECT_EQ(components.move_log().moves().at("DiT").loads, 1);
}

// A cap below the DiT's weights, found by trying: its blocks stream, and the song stays.
TEST_F(MemoryMeasures, ACapBelowTheWeightsIsMetByStreaming) {
  const std::vector<std::vector<float>> whole = expected({}).songs;
  const MemoryPolicy streams = {
      .offloads_to_cpu = true, .offloads_dit = true, .streams_dit_blocks = true};
  const Outcome streamed = make({.policy = streams});
  EXPECT_EQ(streamed.songs, whole);
  EXPECT_THAT(streamed.measures, IsEmpty());
}

}  // namespace
}  // namespace acestep::pipeline
