#include "cli/log.h"

#include <gmock/gmock.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "util/error.h"

namespace acestep::cli {
namespace {

using request::TerminalSettings;
using spdlog::level::level_enum;
using ::testing::MatchesRegex;

TEST(LogLevels, AreThoseOfLogLevel) {
  TerminalSettings settings;
  EXPECT_EQ(log_levels(settings).terminal, level_enum::info);
  EXPECT_EQ(log_levels(settings).file, level_enum::info);
  settings.log_level = "WARNING";
  EXPECT_EQ(log_levels(settings).terminal, level_enum::warn);
  EXPECT_EQ(log_levels(settings).file, level_enum::warn);
}

TEST(LogLevels, QuietIsAboutTheTerminalOnly) {
  TerminalSettings settings;
  settings.quiet = true;
  EXPECT_EQ(log_levels(settings).terminal, level_enum::err);
  EXPECT_EQ(log_levels(settings).file, level_enum::info);
}

TEST(LogLevels, QuietShowsNoMoreThanLogLevelAllows) {
  TerminalSettings settings;
  settings.quiet = true;
  settings.log_level = "CRITICAL";
  EXPECT_EQ(log_levels(settings).terminal, level_enum::critical);
}

TEST(LogLevels, VerboseShowsAtLeastDebug) {
  TerminalSettings settings;
  settings.verbose = true;
  settings.log_level = "ERROR";
  EXPECT_EQ(log_levels(settings).terminal, level_enum::debug);
  settings.log_level = "TRACE";
  EXPECT_EQ(log_levels(settings).terminal, level_enum::trace);
}

TEST(LogLevels, QuietAndVerboseTogetherFillTheFileAlone) {
  TerminalSettings settings;
  settings.quiet = true;
  settings.verbose = true;
  EXPECT_EQ(log_levels(settings).terminal, level_enum::err);
  EXPECT_EQ(log_levels(settings).file, level_enum::debug);
}

// A log file of its own, and the log as it was afterwards.
class LogFile : public ::testing::Test {
 protected:
  LogFile() { settings_.log_file = file_.string(); }
  ~LogFile() override {
    start_log(TerminalSettings{});
    std::filesystem::remove(file_);
  }

  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(file_).rdbuf();
    return text.str();
  }

  TerminalSettings settings_;

 private:
  std::filesystem::path file_ =
      std::filesystem::path(::testing::TempDir()) /
      (std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + ".log");
};

TEST_F(LogFile, GetsDatedLinesAtItsEnd) {
  start_log(settings_);
  spdlog::info("first");
  start_log(settings_);
  spdlog::warn("second\nand more");
  const std::string time = R"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z )";
  EXPECT_THAT(content(),
              MatchesRegex(time + "info: first\n" + time + "warning: second\n    and more\n"));
}

TEST_F(LogFile, TakesWhatQuietKeepsFromTheTerminal) {
  settings_.quiet = true;
  ::testing::internal::CaptureStderr();
  start_log(settings_);
  spdlog::info("a fact");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(content(), ::testing::HasSubstr("info: a fact\n"));
}

TEST_F(LogFile, HoldsOneObjectALineInJson) {
  settings_.log_format = "json";
  ::testing::internal::CaptureStderr();
  start_log(settings_);
  log_failure("a \"quoted\" word and \xff", "do this");
  const std::string shown = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(shown, content());
  const nlohmann::json line = nlohmann::json::parse(shown);
  EXPECT_EQ(line.size(), 3u);
  EXPECT_EQ(line["level"], "critical");
  EXPECT_EQ(line["message"], "a \"quoted\" word and \xEF\xBF\xBD\ndo this");
  EXPECT_THAT(line["time"].get<std::string>(), MatchesRegex("[0-9T:.-]*Z"));
}

TEST_F(LogFile, NeedsItsFolder) {
  settings_.log_file += ".d/run.log";
  try {
    start_log(settings_);
    FAIL() << "a log in a folder that does not exist";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kOutput);
    EXPECT_THAT(error.message(), ::testing::HasSubstr("does not exist"));
  }
}

std::string shown_with_color(const std::string& color) {
  TerminalSettings settings;
  settings.color = color;
  ::testing::internal::CaptureStderr();
  start_log(settings);
  spdlog::warn("x");
  const std::string shown = ::testing::internal::GetCapturedStderr();
  start_log(TerminalSettings{});
  return shown;
}

TEST(LogColor, IsThereWhenAskedFor) {
  EXPECT_THAT(shown_with_color("always"), MatchesRegex("\x1b.*warning\x1b.*: x\n"));
  EXPECT_EQ(shown_with_color("never"), "warning: x\n");
  EXPECT_EQ(shown_with_color("auto"), "warning: x\n");  // no terminal
}

TEST(LogFailure, IsShownAtEveryLevel) {
  TerminalSettings settings;
  settings.log_level = "CRITICAL";
  settings.quiet = true;
  ::testing::internal::CaptureStderr();
  start_log(settings);
  spdlog::error("not this");
  log_failure("it broke", "mend it");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "acestep: error: it broke\nmend it\n");
  start_log(TerminalSettings{});
}

}  // namespace
}  // namespace acestep::cli
