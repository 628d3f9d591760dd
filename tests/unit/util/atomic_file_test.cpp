#include "util/atomic_file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <iterator>

#include "unit/util/temp_folder.h"

namespace acestep::util {
namespace {

namespace fs = std::filesystem;
using ::acestep::testing::message_of;
using ::testing::HasSubstr;

class AtomicFileTest : public testing::TempFolder {
 protected:
  std::string read(const fs::path& path) const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  int64_t files() const { return std::distance(fs::directory_iterator(folder_), {}); }
};

TEST_F(AtomicFileTest, AppearsOnCommit) {
  const fs::path target = folder_ / "song.wav";
  {
    AtomicFile file(target);
    file.write("abc");
    EXPECT_FALSE(fs::exists(target));
    EXPECT_THAT(file.part_path().filename().string(), ::testing::StartsWith(".song.wav.part-"));
    file.commit();
  }
  EXPECT_EQ(read(target), "abc");
  EXPECT_EQ(files(), 1);
}

TEST_F(AtomicFileTest, LeavesNothingWithoutCommit) {
  { AtomicFile(folder_ / "song.wav").write("abc"); }
  EXPECT_EQ(files(), 0);
}

TEST_F(AtomicFileTest, RefusesAnExistingTarget) {
  const fs::path target = write("song.wav", "old");
  EXPECT_THAT(message_of(ErrorCode::kOutput, [&] { AtomicFile{target}; }),
              HasSubstr(target.string()));
  EXPECT_EQ(read(target), "old");
}

TEST_F(AtomicFileTest, RefusesATargetThatAppearsMeanwhile) {
  const fs::path target = folder_ / "song.wav";
  {
    AtomicFile file(target);
    write("song.wav", "other");
    message_of(ErrorCode::kOutput, [&] { file.commit(); });
  }
  EXPECT_EQ(read(target), "other");
  EXPECT_EQ(files(), 1);
}

TEST_F(AtomicFileTest, ReplacesWhenAsked) {
  const fs::path target = write("song.wav", "old");
  write_atomically(target, "new", Existing::kReplace);
  EXPECT_EQ(read(target), "new");
}

TEST_F(AtomicFileTest, RefusesAMissingFolderAndADirectory) {
  message_of(ErrorCode::kOutput, [&] { AtomicFile(folder_ / "absent" / "song.wav"); });
  message_of(ErrorCode::kOutput, [&] { AtomicFile(folder_, Existing::kReplace); });
}

TEST_F(AtomicFileTest, TakesTheLongestName) {
  const fs::path target = folder_ / std::string(255, 'n');
  write_atomically(target, "x");
  EXPECT_EQ(read(target), "x");
}

TEST_F(AtomicFileTest, FollowsTheUmask) {
  const mode_t before = ::umask(027);
  write_atomically(folder_ / "song.wav", "x");
  ::umask(before);
  struct stat status = {};
  ASSERT_EQ(::stat((folder_ / "song.wav").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST_F(AtomicFileTest, TellsAFullDiskWithPathAndBytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before = {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small = {.rlim_cur = 1000, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const fs::path target = folder_ / "song.wav";
  const std::string message = message_of(ErrorCode::kOutput, [&] {
    AtomicFile file(target);
    file.write(std::string(4000, 'x'));
  });
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_THAT(message, HasSubstr(target.string()));
  EXPECT_THAT(message, HasSubstr("after 1000 bytes"));
  EXPECT_EQ(files(), 0);
}

TEST_F(AtomicFileTest, SweepsOnlyAbandonedParts) {
  write(".song.wav.part-0badf00d", "left behind");
  write("song.part-1", "not hidden, not ours");
  AtomicFile living(folder_ / "living.wav");
  EXPECT_EQ(remove_abandoned_parts(folder_), 1);
  EXPECT_TRUE(fs::exists(living.part_path()));
  EXPECT_TRUE(fs::exists(folder_ / "song.part-1"));
}

TEST_F(AtomicFileTest, AKilledWriterLeavesNoTarget) {
  const fs::path target = folder_ / "song.wav";
  const pid_t child = ::fork();
  if (child == 0) {
    AtomicFile file(target);
    file.write("half");
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_FALSE(fs::exists(target));
  EXPECT_EQ(remove_abandoned_parts(folder_), 1);
}

}  // namespace
}  // namespace acestep::util
