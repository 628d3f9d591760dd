#include "profile/batch_limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "records.h"

namespace acestep::profile {
namespace {

using testing::ElementsAre;

TierRecord batch(TierRecord record, const std::string& kind, int64_t songs) {
  record.run.variant = "batch-" + kind + "-" + std::to_string(songs);
  record.run.songs = songs;
  return record;
}

// tier4 computes 4 songs at once without a language model and 2 with one.
std::vector<TierRecord> sample() {
  return {passed(8, "tier4"), batch(passed(8, "tier4", 3), "noLM", 1),
          batch(passed(8, "tier4", 4), "noLM", 2), batch(failed(8, "tier4"), "noLM", 4),
          batch(failed(8, "tier4"), "LM", 1)};
}

TEST(Checklist, Row93_TheTableShowsConfiguredAndTestedLimits) {
  EXPECT_THAT(batch_cells(find_batch_limits(sample()))[1],
              ElementsAre("8GB", "tier4", "4 -> 2", "4.0GB", "2 -> FAIL", "-",
                          "no_lm: 4 -> 2, lm: 2 -> FAIL"));
}

TEST(Checklist, Row93_WhatWasNotTriedIsNotRecommended) {
  const auto rows = find_batch_limits({batch(passed(20, "tier6b"), "noLM", 8)});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].with_lm.tested_text(), "N/A");
  EXPECT_EQ(rows[0].recommendation(), "OK");
}

TEST(BatchLimits, OtherRunsAreNoBatches) {
  EXPECT_TRUE(find_batch_limits({passed(8, "tier4")}).empty());
}

TEST(BatchLimits, JsonHasBothLimits) {
  const nlohmann::json object = batch_limits_json(find_batch_limits(sample()))[0];
  EXPECT_EQ(object["without_lm"]["configured"], 4);
  EXPECT_EQ(object["without_lm"]["tested"], 2);
  EXPECT_EQ(object["with_lm"]["tested"], 0);
}

}  // namespace
}  // namespace acestep::profile
