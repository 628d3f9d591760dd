#include "pipeline/model_folders.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "tiny/tiny_models.h"
#include "unit/util/temp_folder.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;
using acestep::testing::message_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Checkpoints : public acestep::testing::TempFolder {
 protected:
  void add(const std::string& name) const {
    fs::create_directories(folder_ / name);
    write(name + "/config.json", "{}");
    write(name + "/model.safetensors", "12345");
  }
  ModelFolders find(const std::string& dit = "", const std::string& lm = "") const {
    return find_models({folder_, dit, lm});
  }
};

TEST_F(Checkpoints, AnEmptyFolderNamesAllFourPublishedModels) {
  EXPECT_THAT(find().missing(), ElementsAre("acestep-v15-turbo", "acestep-5Hz-lm-1.7B",
                                            "Qwen3-Embedding-0.6B", "vae"));
  const std::string message =
      message_of(ErrorCode::kModel, [&] { require_models(find(), folder_); });
  for (const char* name : {"acestep-v15-turbo", "acestep-5Hz-lm-1.7B", "vae"}) {
    EXPECT_THAT(message, HasSubstr(name));
  }
}

TEST_F(Checkpoints, NothingIsMissingWhenAllAreThere) {
  for (const char* name :
       {"acestep-v15-turbo", "acestep-5Hz-lm-0.6B", "Qwen3-Embedding-0.6B", "vae"}) {
    add(name);
  }
  const ModelFolders folders = find();
  EXPECT_THAT(folders.missing(), IsEmpty());
  EXPECT_EQ(folders.lm.name, "acestep-5Hz-lm-0.6B");
  EXPECT_EQ(folders.dit.bytes, 5U);
  EXPECT_NO_THROW(require_models(folders, folder_));
}

TEST_F(Checkpoints, PreferredModelsWin) {
  add("acestep-v15-base");
  EXPECT_EQ(find().dit.name, "acestep-v15-base");
  add("acestep-v15-xl-turbo");
  EXPECT_EQ(find().dit.name, "acestep-v15-xl-turbo");
  add("acestep-v15-turbo");
  EXPECT_EQ(find().dit.name, "acestep-v15-turbo");
  add("acestep-5Hz-lm-4B");
  EXPECT_EQ(find().lm.name, "acestep-5Hz-lm-4B");
  add("acestep-5Hz-lm-0.6B");
  EXPECT_EQ(find().lm.name, "acestep-5Hz-lm-0.6B");
  add("acestep-5Hz-lm-1.7B");
  EXPECT_EQ(find().lm.name, "acestep-5Hz-lm-1.7B");
}

TEST_F(Checkpoints, AFolderWithoutConfigOrWeightsIsNotThere) {
  add("acestep-v15-turbo");
  fs::remove(folder_ / "acestep-v15-turbo" / "config.json");
  EXPECT_FALSE(find("acestep-v15-turbo").dit.is_present);
  add("acestep-v15-base");
  fs::remove(folder_ / "acestep-v15-base" / "model.safetensors");
  EXPECT_FALSE(find("acestep-v15-base").dit.is_present);
}

TEST_F(Checkpoints, ALinkToNowhereIsNoWeightFile) {
  fs::create_directories(folder_ / "vae");
  write("vae/config.json", "{}");
  fs::create_symlink("nowhere", folder_ / "vae" / "model.safetensors");
  EXPECT_FALSE(find().vae.is_present);
  EXPECT_EQ(find().vae.bytes, 0U);
}

TEST_F(Checkpoints, ANamedModelIsTakenOrMissedByThatName) {
  add("acestep-v15-turbo");
  EXPECT_EQ(find("my-dit").dit.name, "my-dit");
  EXPECT_THAT(find("my-dit").missing(), ::testing::Contains("my-dit"));
  add("my-dit");
  EXPECT_TRUE(find("my-dit").dit.is_present);
}

TEST_F(Checkpoints, AFolderElsewhereIsNamedByItsLastWord) {
  add("elsewhere/my-lm");
  const std::string path = (folder_ / "elsewhere" / "my-lm").string();
  for (const std::string& spelling : {path, path + "/", path + "/.", path + "//"}) {
    const ModelFolders folders = find("", spelling);
    EXPECT_EQ(folders.lm.name, "my-lm") << spelling;
    EXPECT_TRUE(folders.uses_lm());
    EXPECT_TRUE(folders.lm.is_present);
  }
}

TEST_F(Checkpoints, NoneIsNoLanguageModel) {
  const ModelFolders folders = find("", "none");
  EXPECT_FALSE(folders.uses_lm());
  EXPECT_THAT(folders.missing(), ElementsAre("acestep-v15-turbo", "Qwen3-Embedding-0.6B", "vae"));
}

// The built-in model is written into a cache folder of the test's own.
class TinyModels : public acestep::testing::TempFolder {
 protected:
  void SetUp() override {
    TempFolder::SetUp();
    ::setenv("XDG_CACHE_HOME", folder_.c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("XDG_CACHE_HOME");
    TempFolder::TearDown();
  }
  int entries() const {
    const fs::directory_iterator items(folder_ / "acestep");
    return static_cast<int>(std::distance(begin(items), end(items)));
  }
};

TEST_F(TinyModels, AreWrittenOnFirstUseAndThenStay) {
  const fs::path folder = resolve_checkpoint_dir("tiny");
  EXPECT_EQ(folder.parent_path(), folder_ / "acestep");
  EXPECT_THAT(find_models({folder, "", ""}).missing(), IsEmpty());
  const auto written = fs::last_write_time(folder);
  EXPECT_EQ(resolve_checkpoint_dir("tiny"), folder);
  EXPECT_EQ(fs::last_write_time(folder), written);
  EXPECT_EQ(entries(), 1);
}

TEST_F(TinyModels, ABrokenDraftOfThisProcessIsInNobodysWay) {
  write("note", "");
  const std::string draft =
      "tiny-" + std::to_string(tiny::kTinyVersion) + ".part-" + std::to_string(::getpid());
  fs::create_directories(folder_ / "acestep" / draft / "vae");
  resolve_checkpoint_dir("tiny");
  EXPECT_EQ(entries(), 1);
}

TEST_F(TinyModels, ACacheThatCannotBeWrittenIsAnOutputError) {
  write("file", "");
  ::setenv("XDG_CACHE_HOME", (folder_ / "file").c_str(), 1);
  EXPECT_THAT(message_of(ErrorCode::kOutput, [] { resolve_checkpoint_dir("tiny"); }),
              HasSubstr((folder_ / "file").string()));
}

// Each runs this test's program anew, so that no thread of ours is forked.
TEST_F(TinyModels, TwoFirstRunsAtOnceDoNoHarm) {
  const std::string program = fs::read_symlink("/proc/self/exe").string();
  std::vector<pid_t> children;
  for (int i = 0; i < 2; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::unsetenv("GTEST_TOTAL_SHARDS");  // its one test is of no shard
      ::unsetenv("GTEST_SHARD_INDEX");
      ::execl(program.c_str(), program.c_str(), "--gtest_also_run_disabled_tests",
              "--gtest_filter=*DISABLED_WritesTinyModels", static_cast<char*>(nullptr));
      ::_exit(99);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  }
  EXPECT_EQ(entries(), 1);
}

// Run by the test above, in a cache folder that it has set.
TEST(Child, DISABLED_WritesTinyModels) {
  const fs::path folder = resolve_checkpoint_dir("tiny");
  EXPECT_THAT(find_models({folder, "", ""}).missing(), IsEmpty());
}

TEST(ResolveCheckpointDir, AnythingElseIsAFolder) {
  EXPECT_EQ(resolve_checkpoint_dir("some/tiny"), fs::path("some/tiny"));
}

}  // namespace
}  // namespace acestep::pipeline
