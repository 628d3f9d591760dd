#include "cli/download_progress.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace acestep::cli {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr uint64_t kGigabyte = 1'000'000'000;

class DownloadProgressTest : public ::testing::Test {
 protected:
  // One gigabyte in ten seconds, the first 200 MB of an earlier run.
  std::string show(ProgressStyle style) {
    std::ostringstream out;
    double seconds = 0.0;
    {
      DownloadProgress progress(style, out, [&] { return seconds; });
      progress.file_begins("model.safetensors", kGigabyte / 5, kGigabyte);
      for (int i = 3; i <= 10; ++i) {
        seconds += 2.0;
        progress.bytes_present(kGigabyte / 10 * static_cast<uint64_t>(i));
        if (i == 5) progress.note("cut; trying again");
      }
      progress.file_is_checked("model.safetensors");
      progress.file_is_done("model.safetensors", kGigabyte);
      fetched_bytes_ = progress.fetched_bytes();
    }
    return out.str();
  }

  uint64_t fetched_bytes_ = 0;
};

TEST_F(DownloadProgressTest, CountsWhatCameInThisRun) {
  EXPECT_EQ(show(ProgressStyle::kNone), "");
  EXPECT_EQ(fetched_bytes_, kGigabyte / 5 * 4);
}

TEST_F(DownloadProgressTest, PlainLinesTellEveryTenth) {
  const std::string text = show(ProgressStyle::kPlain);
  EXPECT_THAT(text, HasSubstr("model.safetensors: 1.00 GB, going on at 200 MB\n"));
  EXPECT_THAT(text, HasSubstr("600 MB of 1.00 GB, 50.0 MB/s, 8 s left\n"));
  EXPECT_THAT(text, HasSubstr("cut; trying again\n"));
  EXPECT_THAT(text, HasSubstr("done, 1.00 GB\n"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST_F(DownloadProgressTest, TheBarGivesWayToLines) {
  const std::string text = show(ProgressStyle::kBar);
  EXPECT_THAT(text, HasSubstr("[###############---------------] 500 MB of 1.00 GB"));
  EXPECT_THAT(text, ContainsRegex("\rcut; trying again *\n"));
  EXPECT_THAT(text, HasSubstr("\rmodel.safetensors: checking"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST_F(DownloadProgressTest, EventsAreOneObjectALine) {
  std::istringstream lines(show(ProgressStyle::kJson));
  std::vector<nlohmann::json> events;
  for (std::string line; std::getline(lines, line);) events.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(events.size(), 11U);
  EXPECT_EQ(events[0]["event"], "stage");
  EXPECT_EQ(events[1]["bytes"], kGigabyte / 10 * 3);
  EXPECT_EQ(events[1]["eta_s"], 14.0);
  EXPECT_EQ(events[4]["event"], "note");
  EXPECT_EQ(events.back()["event"], "file");
}

TEST_F(DownloadProgressTest, AServerThatBeginsAgainIsNotANegativeRate) {
  std::ostringstream out;
  double seconds = 0.0;
  DownloadProgress progress(ProgressStyle::kPlain, out, [&] { return seconds; });
  progress.file_begins("a", kGigabyte / 2, kGigabyte);
  progress.bytes_present(0);
  seconds = 2.0;
  progress.bytes_present(kGigabyte / 10);
  EXPECT_THAT(out.str(), HasSubstr("100 MB of 1.00 GB, 50.0 MB/s, 18 s left"));
  EXPECT_EQ(progress.fetched_bytes(), kGigabyte / 10);
}

}  // namespace
}  // namespace acestep::cli
