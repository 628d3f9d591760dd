#include "memory/oom_ladder.h"

#include <c10/util/Exception.h>
#include <gmock/gmock.h>

#include "util/error.h"

namespace acestep::memory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Told final : public song::Observer {
 public:
  void stage(std::string_view) override {}
  void step(int64_t, int64_t) override {}
  void adjustment(const song::Adjustment& adjustment) override {
    fields.push_back(adjustment.field);
    reasons.push_back(adjustment.why);
  }
  std::vector<std::string> fields;
  std::vector<std::string> reasons;
};

// Runs out of memory `times` times.
std::function<void()> work_that_fails(int times, int& runs) {
  return [times, &runs] { TORCH_CHECK_WITH(OutOfMemoryError, runs++ >= times, "full"); };
}

// Has `measures` measures.
Rung rung(const std::string& field, int measures) {
  return [field, measures]() mutable -> std::optional<song::Adjustment> {
    if (measures-- <= 0) return std::nullopt;
    return song::Adjustment{field, "off", "on", {}};
  };
}

TEST(OomLadder, WorkThatFitsClimbsNothing) {
  Told told;
  int runs = 0;
  run_on_ladder("decode", work_that_fails(0, runs), {rung("a", 1)}, told);
  EXPECT_EQ(runs, 1);
  EXPECT_TRUE(told.fields.empty());
}

TEST(OomLadder, ClimbsOneMeasureAtATimeAndTellsEach) {
  Told told;
  int runs = 0;
  run_on_ladder("decode", work_that_fails(3, runs), {rung("a", 2), rung("b", 0), rung("c", 5)},
                told);
  EXPECT_EQ(runs, 4);
  EXPECT_THAT(told.fields, ElementsAre("a", "a", "c"));
  EXPECT_THAT(told.reasons.front(), HasSubstr("full"));
}

TEST(OomLadder, AtItsEndIsOneErrorThatNamesTheStage) {
  Told told;
  int runs = 0;
  try {
    run_on_ladder("decode", work_that_fails(9, runs), {rung("a", 1)}, told);
    FAIL() << "memory was enough";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kMemory);
    EXPECT_THAT(error.message(), HasSubstr("'decode'"));
    EXPECT_THAT(error.message(), HasSubstr("full"));
  }
  EXPECT_THAT(told.fields, ElementsAre("a"));
}

TEST(OomLadder, OtherErrorsPass) {
  Told told;
  const auto work = [] { throw Error(ErrorCode::kRejected, "not finite", ""); };
  EXPECT_THROW(run_on_ladder("decode", work, {rung("a", 1)}, told), Error);
  EXPECT_TRUE(told.fields.empty());
}

}  // namespace
}  // namespace acestep::memory
