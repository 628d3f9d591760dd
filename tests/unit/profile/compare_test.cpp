#include "profile/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "records.h"

namespace acestep::profile {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Checklist, Row89_TheSameTestIsAsBefore) {
  const Comparison comparison = compare({passed(8, "tier4")}, {passed(8, "tier4")});
  EXPECT_FALSE(comparison.is_worse());
  EXPECT_EQ(comparison_text(comparison), "as in the earlier test\n");
}

TEST(Checklist, Row89_ARunThatFailsNowIsARegression) {
  EXPECT_THAT(compare({passed(8, "tier4")}, {failed(8, "tier4")}).regressions,
              ElementsAre("8GB default: passed before, now OOM: no room"));
}

TEST(Checklist, Row89_APeakThatGrewIsARegression) {
  EXPECT_THAT(compare({passed(8, "tier4", 4)}, {passed(8, "tier4", 5)}).regressions,
              ElementsAre("8GB default: peak 4.0GB -> 5.0GB (+25 %)"));
}

TEST(Compare, APeakMayGrowALittle) {
  EXPECT_FALSE(compare({passed(8, "tier4", 4)}, {passed(8, "tier4", 4.15)}).is_worse());
}

TEST(Compare, ASlowerRunIsANoteAlone) {
  TierRecord slow = passed(8, "tier4");
  slow.outcome.wall_seconds = 20;
  const Comparison comparison = compare({passed(8, "tier4")}, {slow});
  EXPECT_FALSE(comparison.is_worse());
  EXPECT_THAT(comparison.notes, ElementsAre(HasSubstr("time 10.0 s -> 20.0 s (+100 %)")));
}

TEST(Compare, ARunThatPassesNowIsANote) {
  EXPECT_THAT(compare({failed(8, "tier4")}, {passed(8, "tier4")}).notes,
              ElementsAre("8GB default: failed before"));
}

TEST(Compare, ATierThatFailedBeforeMayFailAgain) {
  EXPECT_FALSE(compare({failed(8, "tier4")}, {failed(8, "tier4")}).is_worse());
}

TEST(Compare, RunsWithoutACounterpartAreNamed) {
  EXPECT_THAT(compare({passed(8, "tier4")}, {passed(12, "tier5")}).notes,
              ElementsAre("12GB default: not in the earlier test",
                          "8GB default: only in the earlier test"));
}

TEST(Compare, AnotherLengthIsAnotherRun) {
  TierRecord shorter = passed(8, "tier4", 9);
  shorter.run.seconds = 30;
  EXPECT_FALSE(compare({passed(8, "tier4")}, {shorter}).is_worse());
}

}  // namespace
}  // namespace acestep::profile
