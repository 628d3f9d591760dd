#include "batch/shard.h"

#include <gmock/gmock.h>

#include <map>

#include "util/error.h"

namespace acestep::batch {
namespace {

using ::testing::HasSubstr;

Shard shard(const std::string& text, const std::map<std::string, std::string>& variables = {}) {
  return parse_shard(text, [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string refusal(const std::string& text,
                    const std::map<std::string, std::string>& variables = {}) {
  try {
    shard(text, variables);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  ADD_FAILURE() << text << " was taken";
  return {};
}

void expect_shard(const Shard& found, int64_t number, int64_t count) {
  EXPECT_EQ(found.number, number);
  EXPECT_EQ(found.count, count);
}

TEST(Shard, EveryPositionBelongsToOneOfThem) {
  for (int64_t position = 0; position < 20; ++position) {
    int owners = 0;
    for (const char* text : {"1/3", "2/3", "3/3"}) owners += shard(text).has(position) ? 1 : 0;
    EXPECT_EQ(owners, 1) << position;
  }
  EXPECT_TRUE(shard("1/3").has(0));
  EXPECT_TRUE(shard("1/1").has(17));
}

TEST(Shard, OtherTextsAreRefused) {
  for (const char* text : {"0/3", "4/3", "1/0", "-1/3", "1", "1/", "/3", "a/b", "1/3/5", ""}) {
    EXPECT_THAT(refusal(text), HasSubstr("K/N")) << text;
  }
}

TEST(ShardAuto, ReadsSlurm) {
  expect_shard(shard("auto", {{"SLURM_ARRAY_TASK_ID", "5"},
                              {"SLURM_ARRAY_TASK_COUNT", "4"},
                              {"SLURM_ARRAY_TASK_MIN", "3"}}),
               3, 4);
  expect_shard(shard("auto", {{"SLURM_ARRAY_TASK_ID", "30"},
                              {"SLURM_ARRAY_TASK_COUNT", "4"},
                              {"SLURM_ARRAY_TASK_MIN", "0"},
                              {"SLURM_ARRAY_TASK_STEP", "10"}}),
               4, 4);
}

TEST(ShardAuto, ReadsIndexes) {
  expect_shard(shard("auto", {{"JOB_COMPLETION_INDEX", "0"}, {"ACESTEP_SHARDS", "8"}}), 1, 8);
  expect_shard(shard("auto", {{"AWS_BATCH_JOB_ARRAY_INDEX", "7"}, {"ACESTEP_SHARDS", "8"}}), 8, 8);
  expect_shard(shard("auto", {{"PBS_ARRAY_INDEX", "1"}, {"ACESTEP_SHARDS", "8"}}), 1, 8);
  expect_shard(shard("auto", {{"RANK", "2"}, {"WORLD_SIZE", "4"}}), 3, 4);
  EXPECT_EQ(shard("auto", {{"RANK", "2"}, {"WORLD_SIZE", "4"}}).found_by, "RANK");
}

TEST(ShardAuto, SaysWhatIsMissing) {
  EXPECT_THAT(refusal("auto"), HasSubstr("no scheduler's variable"));
  EXPECT_THAT(refusal("auto", {{"RANK", "2"}}), HasSubstr("WORLD_SIZE is not"));
  EXPECT_THAT(refusal("auto", {{"RANK", "x"}, {"WORLD_SIZE", "4"}}), HasSubstr("RANK = 'x'"));
  EXPECT_THAT(refusal("auto", {{"RANK", "4"}, {"WORLD_SIZE", "4"}}), HasSubstr("shard 5 of 4"));
}

}  // namespace
}  // namespace acestep::batch
