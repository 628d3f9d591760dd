#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "profile/bench_matrix.h"
#include "profile/stage_times.h"

namespace acestep::profile {
namespace {

using nlohmann::json;
using testing::ElementsAre;

json result() {
  return {{"audios", {{{"duration", 30.0}}, {{"duration", 30.0}}}},
          {"extra_outputs",
           {{"peak_vram_gb", 6.0},
            {"time_costs",
             {{"pipeline_total_time", 20.0},
              {"model_load_time", 4.0},
              {"lm_total_time", 5.0},
              {"lm_phase2_time", 3.5},
              {"dit_encoder_time_cost", 1.0},
              {"dit_diffusion_time_cost", 6.0},
              {"dit_vae_decode_time_cost", 2.0},
              {"mastering_time", 0.5}}},
            {"memory", {{"stages", {{{"stage", "denoise"}, {"peak_gb", 6.0}}}}}}}}};
}

TEST(StageTimes, WhatNoStageExplainsIsOther) {
  const RunTimes times = times_of(result());
  EXPECT_EQ(times.stages.back().name, "other");
  EXPECT_DOUBLE_EQ(times.stages.back().seconds, 1.5);
}

TEST(StageTimes, SongsCountTogetherForTheSpeed) {
  EXPECT_DOUBLE_EQ(times_of(result()).realtime_factor(), 3.0);
}

TEST(StageTimes, ARowTellsSecondsShareAndPeak) {
  const auto cells = time_cells(times_of(result()), Detail::kStages);
  EXPECT_THAT(cells[0], ElementsAre("Stage", "Seconds", "Share", "Peak"));
  EXPECT_THAT(cells[4], ElementsAre("diffusion", "6.000", "30.0 %", "6.0GB"));
  EXPECT_THAT(cells.back(), ElementsAre("total", "20.000", "100.0 %", "6.0GB"));
}

TEST(StageTimes, PartsAreShownInDetailAlone) {
  const RunTimes times = times_of(result());
  EXPECT_EQ(time_cells(times, Detail::kStages).size(), 9U);
  const auto detailed = time_cells(times, Detail::kParts);
  EXPECT_THAT(detailed, testing::Contains(ElementsAre("- audio codes", "3.500", "17.5 %", "-")));
}

TEST(Checklist, Row74_TheMatrixIsTheReferences) {
  const BenchMatrix matrix;
  EXPECT_THAT(matrix.seconds, ElementsAre(30, 60, 120));
  EXPECT_THAT(matrix.songs, ElementsAre(1, 2));
  EXPECT_THAT(matrix.steps, ElementsAre(8));
}

TEST(BenchMatrix, HasEveryCombination) {
  const auto cases =
      BenchMatrix{.seconds = {10, 20}, .songs = {1, 2}, .steps = {8}, .thinks = {false}}.cases();
  ASSERT_EQ(cases.size(), 4U);
  EXPECT_EQ(cases[1].seconds, 10);
  EXPECT_EQ(cases[1].songs, 2);
}

TEST(BenchMatrix, AFailureHasItsOwnRow) {
  const auto cells = bench_cells({{.the_case = {.seconds = 30}, .error = "out of memory"}});
  EXPECT_EQ(cells[1].size(), cells[0].size());
  EXPECT_EQ(cells[1].back(), "FAIL: out of memory");
}

TEST(BenchMatrix, JsonNamesTheCase) {
  const BenchRecord record{.the_case = {.seconds = 30, .songs = 2, .steps = 8, .thinks = true},
                           .times = times_of(result())};
  const json object = bench_json(record);
  EXPECT_EQ(object["duration"], 30);
  EXPECT_EQ(object["batch_size"], 2);
  EXPECT_EQ(object["think"], true);
  EXPECT_EQ(object["success"], true);
  EXPECT_EQ(object["realtime_factor"], 3.0);
}

}  // namespace
}  // namespace acestep::profile
