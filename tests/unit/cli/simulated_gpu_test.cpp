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
  ~SimulatedGpu() override { sim::set_cap(std::nullopt); }

  int make_song() {
    return run_program({"generate",
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
                        folder_ / "songs"},
                       {});
  }
  bool has_songs() const {
    return std::filesystem::exists(folder_ / "songs") &&
           !std::filesystem::is_empty(folder_ / "songs");
  }
};

TEST_F(SimulatedGpu, OutOfMemoryEndsWithItsExitCodeAndLeavesNothing) {
  const uint64_t before = sim::stats().live_bytes;
  sim::set_cap(before + (1 << 20));
  ::testing::internal::CaptureStderr();
  const int exit_code = make_song();
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(exit_code, static_cast<int>(ErrorCode::kMemory));
  EXPECT_THAT(said, HasSubstr("out of memory in stage '"));
  EXPECT_THAT(said, HasSubstr("the simulated GPU has no room for"));
  EXPECT_FALSE(has_songs());
  EXPECT_EQ(sim::stats().live_bytes, before);
}

TEST_F(SimulatedGpu, GivesAllMemoryBack) {
  const uint64_t before = sim::stats().live_bytes;
  EXPECT_EQ(make_song(), 0);
  EXPECT_TRUE(has_songs());
  EXPECT_EQ(sim::stats().live_bytes, before);
}

}  // namespace
}  // namespace acestep::cli
