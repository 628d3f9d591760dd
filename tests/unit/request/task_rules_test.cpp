#include <gmock/gmock.h>

#include "request/repaint_parts.h"
#include "unit/request/reading.h"

namespace acestep::request {
namespace {

using ::testing::AllOf;
using testing::check_all;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string problems_of(const std::string& request, ModelFamily family = ModelFamily::kBase) {
  return check_all({request}, family).problems();
}

TEST(TaskRules, TextNeedsNoSourceAndTheOthersDo) {
  EXPECT_EQ(problems_of(R"({"caption": "x"})"), "");
  for (const char* task : {"cover", "cover-nofsq", "repaint", "complete"}) {
    const std::string request = R"({"caption": "x", "task_type": ")" + std::string(task) + "\"}";
    EXPECT_THAT(problems_of(request), AllOf(HasSubstr("src_audio"), HasSubstr("-i FILE"))) << task;
  }
  EXPECT_EQ(problems_of(R"({"caption": "x", "task_type": "cover", "src_audio": "a.wav"})"), "");
}

TEST(TaskRules, CodesAreASourceOfACover) {
  EXPECT_EQ(problems_of(R"({"caption": "x", "task_type": "cover", "audio_codes": "1,2"})"), "");
}

TEST(TaskRules, LegoAndExtractNeedATrack) {
  const std::string lego = R"({"caption": "x", "src_audio": "a.wav", "task_type": "lego")";
  EXPECT_THAT(problems_of(lego + "}"), AllOf(HasSubstr("track"), HasSubstr("backing_vocals")));
  EXPECT_EQ(problems_of(lego + R"(, "track": "drums"})"), "");
  EXPECT_EQ(problems_of(lego + R"(, "instruction": "Add bells:"})"), "");
  EXPECT_EQ(problems_of(R"({"src_audio": "a.wav", "task_type": "extract", "track": "all"})"), "");
}

TEST(TaskRules, AnotherTrackIsAWarning) {
  const auto checked = check_all({R"({"caption": "x", "src_audio": "a.wav", "task_type": "lego",
                                      "track": "drum"})"},
                                 ModelFamily::kBase);
  EXPECT_EQ(checked.problems(), "");
  EXPECT_THAT(checked.findings.warnings, Contains(HasSubstr("drum")));
}

TEST(TaskRules, StemsNeedABaseModel) {
  const std::string request =
      R"({"src_audio": "a.wav", "task_type": "extract", "track": "vocals",
          "config_path": "acestep-v15-xl-turbo"})";
  EXPECT_THAT(problems_of(request, ModelFamily::kTurbo), HasSubstr("acestep-v15-xl-base can"));
}

TEST(TaskRules, PartsMustMakeSense) {
  const std::string repaint = R"({"caption": "x", "src_audio": "a.wav", "task_type": "repaint", )";
  EXPECT_THAT(problems_of(repaint + R"("repainting_start": 5, "repainting_end": 4})"),
              HasSubstr("after repainting_start"));
  EXPECT_EQ(problems_of(repaint + R"("repainting_start": -5, "repainting_end": -1})"), "");
  EXPECT_EQ(problems_of(repaint + R"("repaint": "1:2,3:4.5"})"), "");
  for (const char* parts : {"1", "2:1", "1:3,2:4", "a:b", "1:2,"}) {
    const std::string problems = problems_of(repaint + R"("repaint": ")" + parts + "\"}");
    const bool is_fine = std::string(parts) == "1:2,";
    EXPECT_EQ(problems.empty(), is_fine) << parts << ": " << problems;
  }
}

TEST(TaskRules, ASourcesLengthMayBeAny) {
  EXPECT_EQ(problems_of(R"({"caption": "x", "src_audio": "a.wav", "task_type": "cover",
                            "duration": 1.5})"),
            "");
  EXPECT_THAT(problems_of(R"({"caption": "x", "duration": 1.5})"), HasSubstr("duration"));
}

TEST(TaskRules, ExtractNeedsNoWordsAndCoverDoes) {
  EXPECT_EQ(problems_of(R"({"src_audio": "a.wav", "task_type": "extract", "track": "bass"})"), "");
  EXPECT_THAT(problems_of(R"({"src_audio": "a.wav", "task_type": "cover"})"),
              HasSubstr("cover needs at least one"));
}

TEST(RepaintParts, AreThoseOfTheListElseOne) {
  GenerationRequest request;
  request.repainting_start = 2.0;
  auto parts = repaint_parts(request);
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].start_seconds, 2.0);
  EXPECT_FALSE(parts[0].end_seconds.has_value());
  request.repaint = {"7:9, 2:4.5", "10:"};
  parts = repaint_parts(request);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0].start_seconds, 2.0);
  EXPECT_EQ(parts[0].end_seconds, 4.5);
  EXPECT_EQ(parts[1].end_seconds, 9.0);
  EXPECT_FALSE(parts[2].end_seconds.has_value());
}

TEST(TaskRules, SomeTasksDoWithoutTheLanguageModel) {
  GenerationRequest request;
  for (const char* task : {"cover", "cover-nofsq", "repaint", "extract"}) {
    request.task_type = task;
    EXPECT_FALSE(request.wants_language_model()) << task;
  }
  for (const char* task : {"text2music", "lego", "complete"}) {
    request.task_type = task;
    EXPECT_TRUE(request.wants_language_model()) << task;
  }
}

}  // namespace
}  // namespace acestep::request
