#include <unistd.h>

#include "selftest/machine_findings.h"
#include "selftest/model_findings.h"
#include "tiny/tiny_models.h"
#include "unit/util/temp_folder.h"

namespace acestep::selftest {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr uint64_t kGigabyte = 1'000'000'000;
const device::CudaBackend kNoCuda{.is_loaded = false, .why_not = "no NVIDIA driver"};

TEST(ExamineGpu, NoCardIsFineUnlessOneIsAskedFor) {
  EXPECT_EQ(examine_gpu(kNoCuda, "auto").level, Level::kOk);
  EXPECT_EQ(examine_gpu(kNoCuda, "cpu").level, Level::kOk);
  const Finding asked = examine_gpu(kNoCuda, "cuda:1");
  EXPECT_EQ(asked.level, Level::kProblem);
  EXPECT_EQ(asked.exit_code, 2);
  EXPECT_THAT(asked.fact, AllOf(HasSubstr("cuda:1"), HasSubstr("no NVIDIA driver")));
}

TEST(ExamineProcessor, NamesWhatMatters) {
  const Finding old = examine_processor({.name = "Old", .flags = "sse4_2 avx", .threads = 2});
  EXPECT_EQ(old.level, Level::kWarning);
  EXPECT_THAT(old.fact, HasSubstr("Old, 2 threads, without AVX2"));
  const Finding usual = examine_processor({.name = "A", .flags = "avx avx2", .threads = 8});
  EXPECT_EQ(usual.level, Level::kOk);
  EXPECT_THAT(usual.fact, HasSubstr("computes in fp32"));
  const Finding fast =
      examine_processor({.name = "B", .flags = "avx2 avx512f avx512_bf16", .threads = 8});
  EXPECT_THAT(fast.fact, HasSubstr("avx512_bf16: computes in bf16"));
}

TEST(ExamineProcessor, ThisOneHasANameAndThreads) {
  const Processor processor = this_processor();
  EXPECT_GE(processor.threads, 1);
  EXPECT_FALSE(processor.name.empty());
}

TEST(ExamineMemory, TellsTightFromImpossible) {
  EXPECT_EQ(examine_memory({32 * kGigabyte, 20 * kGigabyte}, 5 * kGigabyte).level, Level::kOk);
  const Finding tight = examine_memory({32 * kGigabyte, 6 * kGigabyte}, 5 * kGigabyte);
  EXPECT_EQ(tight.level, Level::kWarning);
  EXPECT_THAT(tight.fact, HasSubstr("about 7.00 GB are needed"));
  const Finding impossible = examine_memory({4 * kGigabyte, 4 * kGigabyte}, 5 * kGigabyte);
  EXPECT_EQ(impossible.level, Level::kProblem);
  EXPECT_EQ(impossible.exit_code, 5);
}

TEST(ExamineMemory, ThisMachineHasSome) {
  const util::MachineMemory memory = util::machine_memory();
  EXPECT_GT(memory.total, kGigabyte / 4);
  EXPECT_GT(memory.available, 0U);
  EXPECT_LE(memory.available, memory.total);
}

TEST(ExamineLibraries, EveryFormatCanBeWrittenHere) {
  const auto findings = examine_libraries();
  EXPECT_THAT(findings, AllOf(SizeIs(2), Each(Field(&Finding::level, Level::kOk))));
  EXPECT_THAT(findings[1].fact, HasSubstr("libsndfile"));
}

class ExamineOutput : public acestep::testing::TempFolder {};

TEST_F(ExamineOutput, AFolderThatIsStillToBeMadeIsFine) {
  const Finding finding = examine_output("output folder", folder_ / "a" / "b");
  EXPECT_EQ(finding.level, Level::kOk);
  EXPECT_THAT(finding.fact, HasSubstr("to be made in " + folder_.string()));
  EXPECT_FALSE(fs::exists(folder_ / "a")) << "looking must not change anything";
}

TEST_F(ExamineOutput, AFileInItsPlaceIsAProblem) {
  write("taken", "x");
  const Finding finding = examine_output("output folder", folder_ / "taken");
  EXPECT_EQ(finding.level, Level::kProblem);
  EXPECT_EQ(finding.exit_code, 6);
  EXPECT_EQ(examine_output("output folder", folder_ / "taken" / "b").level, Level::kProblem);
}

TEST_F(ExamineOutput, AFolderWithoutPermissionIsAProblem) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
  const Finding finding = examine_output("output folder", folder_);
  fs::permissions(folder_, fs::perms::owner_all);
  EXPECT_EQ(finding.level, Level::kProblem);
  EXPECT_THAT(finding.fact, HasSubstr("cannot be written to"));
}

TEST_F(ExamineOutput, TheModelFoldersDiskHasRoomToTell) {
  const Finding finding = examine_checkpoint_disk(folder_ / "models", Models::kComplete);
  EXPECT_EQ(finding.level, Level::kOk);
  EXPECT_THAT(finding.fact, AllOf(HasSubstr("models, "), HasSubstr(" free")));
  const bool is_small = fs::space(folder_).available < 10 * kGigabyte;
  EXPECT_EQ(examine_checkpoint_disk(folder_ / "models", Models::kMissing).level,
            is_small ? Level::kWarning : Level::kOk);
}

TEST(ExamineTerminal, OtherCharactersThanUtf8AreAWarning) {
  EXPECT_EQ(examine_terminal("UTF-8", true).level, Level::kOk);
  EXPECT_EQ(examine_terminal("ANSI_X3.4-1968", true).level, Level::kWarning);
}

class ExamineModels : public acestep::testing::TempFolder {
 protected:
  std::vector<Finding> examine(const fs::path& folder) const {
    return examine_models(pipeline::find_models({.checkpoint_dir = folder, .dit = "", .lm = ""}),
                          folder);
  }
};

TEST_F(ExamineModels, AnAbsentFolderIsOneProblem) {
  const auto findings = examine(folder_ / "absent");
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].level, Level::kProblem);
  EXPECT_EQ(findings[0].exit_code, 3);
  EXPECT_THAT(findings[0].cure, HasSubstr("acestep models download"));
}

TEST_F(ExamineModels, AnEmptyFolderLacksFourModels) {
  EXPECT_THAT(examine(folder_),
              AllOf(SizeIs(4), Each(Field(&Finding::level, Level::kProblem)),
                    Each(Field(&Finding::cure, HasSubstr("acestep models download")))));
}

TEST_F(ExamineModels, WholeModelsAreFineAndCutOnesAreNot) {
  const fs::path models = folder_ / "models";
  tiny::write_tiny_models(models, 1);
  EXPECT_THAT(examine(models), AllOf(SizeIs(4), Each(Field(&Finding::level, Level::kOk))));
  const fs::path weights = models / "vae" / "diffusion_pytorch_model.safetensors";
  fs::resize_file(weights, fs::file_size(weights) / 2);
  const auto findings = examine(models);
  EXPECT_EQ(findings[2].level, Level::kOk);
  EXPECT_EQ(findings[3].level, Level::kProblem);
  EXPECT_THAT(findings[3].fact, HasSubstr("vae is incomplete at"));
}

}  // namespace
}  // namespace acestep::selftest
