#include "request/trial.h"

#include <gmock/gmock.h>

#include "request/document.h"

namespace acestep::request {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Trial try_text(const std::string& text) {
  Findings findings;
  return try_layer(read_layer(read_request(text, "a.json"), findings).layer);
}

TEST(Trial, MissesNoWordsInAPartOfARequest) {
  EXPECT_THAT(try_text(R"({"bpm": 90})").findings.problems, IsEmpty());
  EXPECT_THAT(try_text(R"({"caption": "", "lyrics": ""})").findings.problems,
              ElementsAre(HasSubstr("both empty")));
}

TEST(Trial, FindsWhatARunWouldRefuse) {
  const Trial trial = try_text(R"({"bpm": 301, "keyscale": "H major", "infer_method": "x"})");
  EXPECT_EQ(trial.findings.problems.size(), 3);
  EXPECT_THAT(problem_of(trial, "bpm"), HasSubstr("30 … 300"));
  EXPECT_NE(problem_of(trial, "keyscale"), "");
  EXPECT_EQ(problem_of(trial, "shift"), "");
}

TEST(Trial, KnowsTheKindOfModelByItsName) {
  EXPECT_NE(problem_of(try_text(R"({"inference_steps": 50})"), "inference_steps"), "");
  EXPECT_EQ(problem_of(try_text(R"({"inference_steps": 50, "config_path": "acestep-v15-sft"})"),
                       "inference_steps"),
            "");
}

TEST(Trial, PutsValuesOfLaterVersionsAside) {
  const Trial trial = try_text(R"({"ref_latents": "x", "instrumental": false})");
  EXPECT_THAT(trial.findings.problems, IsEmpty());
  EXPECT_THAT(trial.not_yet, ElementsAre(HasSubstr("ref_latents = 'x'")));
  EXPECT_THAT(problem_of(trial, "ref_latents"), HasSubstr("not supported yet"));
}

}  // namespace
}  // namespace acestep::request
