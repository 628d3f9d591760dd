#include "cli/progress.h"

#include <gmock/gmock.h>

#include <sstream>

namespace acestep::cli {
namespace {

using ::testing::HasSubstr;

// Lets a test say how late it is.
struct FakeTime {
  double seconds = 0.0;
  Progress::Clock clock() {
    return [this] { return seconds; };
  }
};

TEST(ProgressStyleOf, IsABarOnATerminalOnly) {
  EXPECT_EQ(progress_style("auto", false, true), ProgressStyle::kBar);
  EXPECT_EQ(progress_style("auto", false, false), ProgressStyle::kPlain);
  EXPECT_EQ(progress_style("json", false, true), ProgressStyle::kJson);
  EXPECT_EQ(progress_style("json", true, true), ProgressStyle::kNone);
  EXPECT_EQ(progress_style("none", false, true), ProgressStyle::kNone);
}

TEST(ProgressStyleOf, GoesWithAJsonLogUnlessSaidOtherwise) {
  request::TerminalSettings settings;
  EXPECT_EQ(progress_style(settings, true), ProgressStyle::kBar);
  settings.log_format = "json";
  EXPECT_EQ(progress_style(settings, true), ProgressStyle::kJson);
  settings.progress = "plain";
  EXPECT_EQ(progress_style(settings, true), ProgressStyle::kPlain);
  settings.quiet = true;
  EXPECT_EQ(progress_style(settings, true), ProgressStyle::kNone);
}

TEST(BarLine, CoversWhatWasLongerWithSpaces) {
  std::ostringstream out;
  BarLine bar(out);
  bar.replace("plain");
  bar.show("10 …");
  bar.show("9");
  bar.replace("done");
  bar.end();
  EXPECT_EQ(out.str(), "plain\n\r10 …\r9   \rdone\n");
}

TEST(Progress, WritesOneJsonObjectALine) {
  std::ostringstream out;
  FakeTime time;
  Progress progress(ProgressStyle::kJson, out, time.clock());
  progress.stage("denoise");
  time.seconds = 3.0;
  progress.step(3, 8);
  progress.output("a.flac");
  progress.done(0);
  std::istringstream lines(out.str());
  std::vector<nlohmann::json> events;
  for (std::string line; std::getline(lines, line);) events.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0], nlohmann::json({{"event", "stage"}, {"name", "denoise"}}));
  EXPECT_EQ(events[1]["step"], 3);
  EXPECT_EQ(events[1]["eta_s"], 5.0);
  EXPECT_EQ(events[3]["exit_code"], 0);
}

TEST(Progress, ShowsStageStepAndTimeLeftInTheBar) {
  std::ostringstream out;
  FakeTime time;
  Progress progress(ProgressStyle::kBar, out, time.clock());
  progress.stage("denoise");
  time.seconds = 120.0;
  progress.step(2, 4);
  EXPECT_THAT(out.str(), HasSubstr("denoise"));
  EXPECT_THAT(out.str(), HasSubstr("2/4, 2 min 00 s left"));
  EXPECT_EQ(out.str().find('\x1b'), std::string::npos);
}

TEST(Progress, KeepsPlainOutputShort) {
  std::ostringstream out;
  FakeTime time;
  Progress progress(ProgressStyle::kPlain, out, time.clock());
  progress.stage("decode");
  for (int tile = 1; tile <= 100; ++tile) progress.step(tile, 100);
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 5);
  EXPECT_THAT(text, HasSubstr("decode 100/100, took "));
}

TEST(Progress, IsSilentWithoutAStyle) {
  std::ostringstream out;
  Progress progress(ProgressStyle::kNone, out);
  progress.stage("decode");
  progress.step(1, 1);
  progress.adjustment({"dtype", "fp16", "fp32", "overflow"});
  EXPECT_EQ(out.str(), "");
  EXPECT_EQ(progress.adjustments().size(), 1u);
}

}  // namespace
}  // namespace acestep::cli
