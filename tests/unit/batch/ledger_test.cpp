#include "batch/ledger.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "unit/util/temp_folder.h"

namespace acestep::batch {
namespace {

using acestep::testing::message_of;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class LedgerTest : public acestep::testing::TempFolder {
 protected:
  static Begun plan_of(const std::string& path) { return {{7}, {path}}; }

  Begun begin(Ledger& ledger, const std::string& job, const std::string& path) {
    return ledger.begin(job, [&] { return plan_of(path); });
  }
};

TEST_F(LedgerTest, RemembersWhatWasBegunAndDone) {
  Ledger first(folder_ / "out", History::kUse);
  begin(first, "job", "a.flac");
  first.append({{"event", "done"}, {"job", "job"}, {"songs", json::array({{{"path", "a.flac"}}})}});

  Ledger second(folder_ / "out", History::kUse);
  second.refresh();
  ASSERT_TRUE(second.done("job").has_value());
  EXPECT_EQ(second.done("job")->songs[0]["path"], "a.flac");
  EXPECT_EQ(second.begun("job")->seeds, std::vector<int64_t>{7});
  EXPECT_FALSE(second.done("other").has_value());
}

TEST_F(LedgerTest, ABegunJobKeepsItsPlan) {
  Ledger first(folder_, History::kUse);
  begin(first, "job", "a.flac");
  Ledger second(folder_, History::kUse);
  EXPECT_THAT(begin(second, "job", "b.flac").paths, ElementsAre("a.flac"));
  EXPECT_THAT(second.taken_paths(), UnorderedElementsAre("a.flac"));
}

TEST_F(LedgerTest, HistoryCanBeIgnored) {
  Ledger first(folder_, History::kUse);
  begin(first, "job", "a.flac");
  first.append({{"event", "done"}, {"job", "job"}, {"songs", json::array()}});
  Ledger second(folder_, History::kIgnore);
  second.refresh();
  EXPECT_FALSE(second.done("job").has_value());
  EXPECT_THAT(begin(second, "job", "b.flac").paths, ElementsAre("b.flac"));
  // Begun again means not done any more.
  first.refresh();
  EXPECT_FALSE(first.done("job").has_value());
}

TEST_F(LedgerTest, HalfALineIsPassedOver) {
  Ledger ledger(folder_, History::kUse);
  begin(ledger, "one", "a.flac");
  std::ofstream(ledger.file(), std::ios::app) << R"({"event": "done", "job": "on)";
  begin(ledger, "two", "b.flac");
  Ledger reader(folder_, History::kUse);
  reader.refresh();
  EXPECT_FALSE(reader.done("one").has_value());
  EXPECT_TRUE(reader.begun("two").has_value());
}

TEST_F(LedgerTest, LinesOfAnotherHandArePassedOver) {
  Ledger ledger(folder_, History::kUse);
  begin(ledger, "one", "a.flac");
  std::ofstream(ledger.file(), std::ios::app)
      << "5\n"
      << R"({"event": "begin"})"
      << "\n"
      << R"({"event": 5, "job": "one"})"
      << "\n"
      << R"({"event": "begin", "job": "two", "seeds": ["x"], "paths": ["b.flac"]})"
      << "\n"
      << R"({"event": "begin", "job": "two", "seeds": [1, 2], "paths": ["b.flac"]})"
      << "\n"
      << R"({"event": "done", "job": "one", "songs": "a.flac"})"
      << "\n"
      << R"({"event": "done", "job": "one", "songs": [{"path": 5}]})"
      << "\n";
  Ledger reader(folder_, History::kUse);
  reader.refresh();
  EXPECT_TRUE(reader.begun("one").has_value());
  EXPECT_FALSE(reader.begun("two").has_value());
  EXPECT_FALSE(reader.done("one").has_value());
}

TEST_F(LedgerTest, AFolderThatTakesNoFilesIsAnOutputError) {
  EXPECT_THAT(message_of(ErrorCode::kOutput, [] { Ledger("/proc/nowhere", History::kUse); }),
              HasSubstr("/proc/nowhere"));
}

// Several processes append at once and are killed at any moment: every whole line stays readable.
TEST_F(LedgerTest, ManyWritersAndKillsLeaveWholeEvents) {
  constexpr int kProcesses = 4;
  constexpr int kJobs = 50;
  std::vector<pid_t> children;
  for (int process = 0; process < kProcesses; ++process) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Ledger ledger(folder_, History::kUse);
      for (int job = 0; job < kJobs; ++job) {
        begin(ledger, "job " + std::to_string(process * kJobs + job), std::string(200, 'x'));
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(children.front(), SIGKILL);
  for (const pid_t child : children) ::waitpid(child, nullptr, 0);
  Ledger reader(folder_, History::kUse);
  reader.refresh();
  for (int job = kJobs; job < kProcesses * kJobs; ++job) {
    EXPECT_TRUE(reader.begun("job " + std::to_string(job)).has_value()) << job;
  }
}

TEST_F(LedgerTest, AJobIsClaimedOnce) {
  auto claim = JobClaim::take(folder_, "0123456789abcdef0123");
  ASSERT_TRUE(claim.has_value());
  EXPECT_FALSE(JobClaim::take(folder_, "0123456789abcdef0123").has_value());
  EXPECT_TRUE(JobClaim::take(folder_, "another job").has_value());
  claim.reset();
  EXPECT_TRUE(JobClaim::take(folder_, "0123456789abcdef0123").has_value());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

}  // namespace
}  // namespace acestep::batch
