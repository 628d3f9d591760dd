#include "sim/simulated_gpu.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "cli/program.h"
#include "unit/util/temp_folder.h"

namespace acestep::cli {
namespace {

using ::testing::HasSubstr;

class SimulatedGpu : public acestep::testing::TempFolder {
 protected:
  ~SimulatedGpu() override {
    sim::set_cap(std::nullopt);
    sim::refuse_next(0);
  }

  int make_song(const std::vector<std::string>& more = {}) {
    std::vector<std::string> line = {"generate",
                                     "-p",
                                     "calm piano",
                                     "--checkpoint_dir",
                                     "tiny",
                                     "--duration",
                                     "10",
                                     "--threads",
                                     "1",
                                     "--seed",
                                     "3",
                                     "--no-thinking",
                                     "--no-use_cot_metas",
                                     "--no-use_cot_caption",
                                     "--no-use_cot_language",
                                     "--progress",
                                     "none",
                                     "--device",
                                     "sim",
                                     "-O",
                                     folder_ / "songs"};
    line.insert(line.end(), more.begin(), more.end());
    ::testing::internal::CaptureStderr();
    const int exit_code = run_program(line, {});
    said_ = ::testing::internal::GetCapturedStderr();
    return exit_code;
  }
  bool has_songs() const {
    return std::filesystem::exists(folder_ / "songs") &&
           !std::filesystem::is_empty(folder_ / "songs");
  }

  const uint64_t before_ = sim::stats().live_bytes;
  std::string said_;  // on standard error
};

TEST_F(SimulatedGpu, ASongThatDoesNotFitIsRefusedBeforeItStarts) {
  EXPECT_EQ(make_song({"--max_vram", "4", "--sim_scale", "0.0003"}),
            static_cast<int>(ErrorCode::kMemory));
  EXPECT_THAT(said_, HasSubstr("the song does not fit"));
  EXPECT_FALSE(has_songs());
  EXPECT_EQ(sim::stats().live_bytes, before_);
}

TEST_F(SimulatedGpu, OutOfMemoryEndsWithItsExitCodeAndLeavesNothing) {
  constexpr uint64_t kAll = 1'000'000;
  sim::refuse_next(kAll);
  EXPECT_EQ(make_song(), static_cast<int>(ErrorCode::kMemory));
  EXPECT_THAT(said_, HasSubstr("out of memory in stage '"));
  EXPECT_THAT(said_, HasSubstr("the simulated GPU was told to refuse"));
  EXPECT_FALSE(has_songs());
  EXPECT_EQ(sim::stats().live_bytes, before_);
}

TEST_F(SimulatedGpu, GivesAllMemoryBack) {
  EXPECT_EQ(make_song(), 0);
  EXPECT_TRUE(has_songs());
  EXPECT_EQ(sim::stats().live_bytes, before_);
}

}  // namespace
}  // namespace acestep::cli
