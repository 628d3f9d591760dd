#include "util/child_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "util/error.h"
#include "util/stopwatch.h"
#include "util/temp_folder.h"

namespace acestep::util {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

class ChildProcess : public testing::Test {
 protected:
  ChildCall shell(const std::string& script) const {
    return {.program = "/bin/sh",
            .arguments = {"sh", "-c", script},
            .environment = {"WORD=hello"},
            .output = folder_.path() / "out",
            .errors = folder_.path() / "err"};
  }

  TempFolder folder_{"acestep-test"};
  StopToken stop_;
};

TEST_F(ChildProcess, ItsStreamsLandInFiles) {
  const ChildEnd end = run_child(shell("echo $WORD; echo oh >&2"), stop_);
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(content_of(folder_.path() / "out"), "hello\n");
  EXPECT_EQ(content_of(folder_.path() / "err"), "oh\n");
}

TEST_F(ChildProcess, ItsExitCodeIsTold) {
  EXPECT_EQ(run_child(shell("exit 5"), stop_).exit_code, 5);
}

TEST_F(ChildProcess, ItsSignalIsTold) {
  EXPECT_EQ(run_child(shell("kill -9 $$"), stop_).signal, SIGKILL);
}

TEST_F(ChildProcess, ItReadsNothing) {
  EXPECT_EQ(run_child(shell("read line"), stop_).exit_code, 1);
}

TEST_F(ChildProcess, ItEndsWhenWeAreAskedToStop) {
  stop_.limit_time(std::chrono::milliseconds(50));
  const Stopwatch watch;
  EXPECT_THROW(run_child(shell("exec sleep 30"), stop_), Error);
  EXPECT_LT(watch.seconds(), 5);
}

TEST_F(ChildProcess, AMissingProgramIsNamed) {
  ChildCall call = shell("");
  call.program = "/no/such/program";
  try {
    run_child(call, stop_);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.message(), testing::HasSubstr("/no/such/program"));
  }
}

TEST_F(ChildProcess, AProgramIsLookedForInThePath) {
  ChildCall call = shell("exit 7");
  call.program = "sh";
  EXPECT_EQ(run_child(call, stop_).exit_code, 7);
}

TEST_F(ChildProcess, ItEndsWhenItWritesTooMuch) {
  ChildCall call = shell("while :; do echo 0123456789; done");
  call.most_output_bytes = 1000;
  call.blame = ErrorCode::kInput;
  try {
    run_child(call, stop_);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInput);
    EXPECT_THAT(error.message(), testing::HasSubstr("more than 1000 bytes"));
  }
}

TEST(Environment, LeavesNamedVariablesOut) {
  setenv("ACESTEP_TEST_ONE", "1", 1);
  setenv("ACESTEP_TEST_TWO", "2", 1);
  const auto kept = environment_without({"ACESTEP_TEST_ONE"});
  EXPECT_THAT(kept, testing::Contains("ACESTEP_TEST_TWO=2"));
  EXPECT_THAT(kept, testing::Not(testing::Contains("ACESTEP_TEST_ONE=1")));
}

}  // namespace
}  // namespace acestep::util
