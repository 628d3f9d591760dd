// Processes and threads that meet over one file, and processes that are killed.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "unit/hub/download_fixture.h"
#include "util/sha256.h"
#include "util/split_mix.h"

namespace acestep::hub {
namespace {

namespace fs = std::filesystem;
using ::acestep::testing::DownloadTest;
using ::acestep::testing::RecordingObserver;

class KilledDownloadTest : public DownloadTest {
 protected:
  void SetUp() override {
    DownloadTest::SetUp();
    for (auto& file : files_) {
      if (file.path == "model.safetensors") file.content = testing::noise(8 << 20, 7);
    }
    publish(server_, testing::kTestRepo, files_);
  }

  // A process of its own that downloads. The server stays in this one.
  pid_t start_download() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(download_here());
    return child;
  }

  int download_here() {
    try {
      run();
    } catch (const Error& error) {
      return error.exit_code();
    }
    return 0;
  }

  static int wait_for(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  // Whatever has a final name has the right content.
  void expect_nothing_wrong() const {
    for (const char* name : {"config.json", "model.safetensors", "silence_latent.pt"}) {
      if (!is_there(name)) continue;
      EXPECT_EQ(util::sha256_of_file(target(name)), util::sha256_of(published(name))) << name;
    }
  }
};

TEST_F(KilledDownloadTest, TwentyKillsLeaveNothingWrongAndTheNextRunFinishes) {
  util::SplitMix random(3);
  for (int i = 0; i < 20; ++i) {
    const pid_t child = start_download();
    ::usleep(static_cast<useconds_t>(random.below(25'000)));
    ::kill(child, SIGKILL);
    wait_for(child);
    expect_nothing_wrong();
  }
  EXPECT_EQ(wait_for(start_download()), 0);
  expect_complete();
}

TEST_F(KilledDownloadTest, ADiskThatFillsUpIsToldAndThePartStays) {
  constexpr rlim_t kDiskBytes = 3 << 20;
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {kDiskBytes, kDiskBytes};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::_exit(download_here());
  }
  EXPECT_EQ(wait_for(child), static_cast<int>(ErrorCode::kOutput));
  EXPECT_EQ(part_bytes(), kDiskBytes);
  EXPECT_FALSE(is_there("model.safetensors"));
  EXPECT_EQ(wait_for(start_download()), 0);
  expect_complete();
}

TEST_F(KilledDownloadTest, TwoProcessesAtOnceBothSucceed) {
  const pid_t first = start_download();
  const pid_t second = start_download();
  EXPECT_EQ(wait_for(first), 0);
  EXPECT_EQ(wait_for(second), 0);
  expect_complete();
  for (const auto& item : fs::directory_iterator(folder_ / testing::kTestModel)) {
    EXPECT_EQ(item.path().filename().string().find("part"), std::string::npos) << item.path();
  }
}

TEST_F(KilledDownloadTest, FourThreadsAtOnceAllSucceed) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      RecordingObserver observer;
      HttpClient client(limits_);
      download(plan(client), {client, access_, observer, stop_, retry_});
    });
  }
  for (std::thread& thread : threads) thread.join();
  expect_complete();
}

}  // namespace
}  // namespace acestep::hub
