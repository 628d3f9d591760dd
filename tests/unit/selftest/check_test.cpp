#include "selftest/check.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace acestep::selftest {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(AllChecks, AreManyAndHaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const Check& check : all_checks()) {
    EXPECT_TRUE(names.insert(check.name).second) << check.name;
    EXPECT_THAT(check.proof, Not(IsEmpty())) << check.name;
  }
  EXPECT_GE(names.size(), 30U);
}

std::vector<std::string> names_of_checks() {
  std::vector<std::string> names;
  for (const Check& check : all_checks()) names.push_back(check.name);
  return names;
}

// No finding is only for show: whichever is made wrong, the check fails and says what was wrong.
// Songs take long, so of their checks the first finding stands for all.
class EveryCheck : public ::testing::TestWithParam<std::string> {
 protected:
  static std::vector<Check> check() {
    std::vector<Check> one;
    for (const Check& candidate : all_checks()) {
      if (candidate.name == GetParam()) one.push_back(candidate);
    }
    return one;
  }
  static std::vector<int64_t> findings_to_falsify(int64_t findings) {
    if (GetParam().starts_with("song.")) return {1};
    std::vector<int64_t> all;
    const int64_t stride = std::max<int64_t>(1, findings / 10);
    for (int64_t i = 1; i <= findings; i += stride) all.push_back(i);
    all.push_back(findings);
    return all;
  }
};
INSTANTIATE_TEST_SUITE_P(Names, EveryCheck, ::testing::ValuesIn(names_of_checks()));

TEST_P(EveryCheck, PassesHereAndFailsWhenAFindingIsWrong) {
  const auto honest = run_checks(check());
  ASSERT_THAT(honest, SizeIs(1));
  ASSERT_TRUE(honest[0].passed) << honest[0].problem;
  ASSERT_GT(honest[0].findings, 0);
  for (const int64_t finding : findings_to_falsify(honest[0].findings)) {
    const auto outcomes =
        run_checks(check(), {.falsified_check = GetParam(), .falsified_finding = finding});
    EXPECT_FALSE(outcomes.at(0).passed) << "finding " << finding;
    EXPECT_THAT(outcomes.at(0).problem, HasSubstr("expected")) << "finding " << finding;
    EXPECT_EQ(outcomes.at(0).findings, finding);
  }
}

TEST(RunChecks, GoesOnAfterAFailureOfAnyKind) {
  const std::vector<Check> checks = {
      {"a", "", [](Expect& expect, Workshop&) { expect.is_true("x", false); }},
      {"b", "", [](Expect&, Workshop&) { throw std::runtime_error("boom"); }},
      {"c", "", [](Expect& expect, Workshop&) { expect.is_true("x", true); }}};
  std::vector<std::string> heard;
  const auto outcomes =
      run_checks(checks, {.on_outcome = [&](const Outcome& o) { heard.push_back(o.name); }});
  ASSERT_THAT(outcomes, SizeIs(3));
  EXPECT_FALSE(outcomes[0].passed);
  EXPECT_EQ(outcomes[1].problem, "boom");
  EXPECT_TRUE(outcomes[2].passed);
  EXPECT_THAT(heard, ::testing::ElementsAre("a", "b", "c"));
}

TEST(RunChecks, StopsBetweenChecksWhenAsked) {
  util::StopToken stop;
  stop.request(util::StopReason::kInterrupt);
  EXPECT_THROW(run_checks(all_checks(), {.stop = &stop}), Error);
}

TEST(Workshop, LeavesNothingBehind) {
  std::filesystem::path path;
  {
    Workshop workshop;
    path = workshop.tiny_models();
    EXPECT_TRUE(std::filesystem::exists(path / "vae" / "config.json"));
  }
  EXPECT_FALSE(std::filesystem::exists(path.parent_path()));
}

}  // namespace
}  // namespace acestep::selftest
