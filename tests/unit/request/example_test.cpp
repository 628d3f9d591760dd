#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "request/json_document.h"
#include "unit/request/reading.h"

namespace acestep::request {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> example_files() {
  std::vector<std::string> files;
  for (const auto& item : fs::directory_iterator(ACESTEP_TEST_DATA "/examples/text2music")) {
    files.push_back(item.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class Example : public ::testing::TestWithParam<std::string> {};

TEST_P(Example, ArrivesWithEveryField) {
  const std::string text = read_document(GetParam());
  const nlohmann::json file = nlohmann::json::parse(text);
  const auto checked = testing::check(text);
  EXPECT_THAT(checked.findings.problems, ::testing::IsEmpty());
  EXPECT_THAT(checked.unknown_keys, ::testing::IsEmpty());
  const Settings& settings = checked.settings();
  EXPECT_EQ(settings.thinking, file["think"].get<bool>());
  EXPECT_EQ(settings.caption, file["caption"].get<std::string>());
  EXPECT_EQ(settings.lyrics, file["lyrics"].get<std::string>());
  EXPECT_EQ(settings.bpm, file["bpm"].get<int64_t>());
  EXPECT_EQ(settings.duration, file["duration"].get<double>());
  EXPECT_EQ(settings.keyscale, file["keyscale"].get<std::string>());
  EXPECT_EQ(settings.vocal_language, file["language"].get<std::string>());
  EXPECT_EQ(settings.timesignature, file["timesignature"].get<std::string>());
}

std::string stem_of(const ::testing::TestParamInfo<std::string>& file) {
  return fs::path(file.param).stem().string();
}

INSTANTIATE_TEST_SUITE_P(All, Example, ::testing::ValuesIn(example_files()), stem_of);

}  // namespace
}  // namespace acestep::request
