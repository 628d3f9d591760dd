#include "profile/generate_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "profile/example_song.h"
#include "records.h"
#include "util/error.h"

namespace acestep::profile {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

TierRun run_of(const std::string& variant, int64_t songs = 1) {
  TierRun run = passed(8, "tier4").run;
  run.variant = variant;
  run.songs = songs;
  return run;
}

std::vector<std::string> arguments_of(const TierRun& run, const GenerateSettings& settings = {}) {
  return generate_arguments(run, settings, "request.json", "songs");
}

TEST(GenerateArguments, NameTheSizeAndTheSong) {
  const auto arguments = arguments_of(run_of("default"));
  EXPECT_EQ(arguments.front(), "generate");
  for (const char* expected : {"--json", "--max_vram=8", "--duration=240", "--batch_size=1",
                               "--inference_steps=8", "--seed=42", "--audio_format=flac"}) {
    EXPECT_THAT(arguments, Contains(expected));
  }
}

TEST(GenerateArguments, ADefaultRunLeavesMemoryToTheTier) {
  for (const std::string& argument : arguments_of(run_of("default"))) {
    EXPECT_THAT(argument, Not(testing::AnyOf(HasSubstr("offload"), HasSubstr("quantization"),
                                             HasSubstr("songs_together"))));
  }
}

TEST(GenerateArguments, WithoutALanguageModelNoneIsLoaded) {
  EXPECT_THAT(arguments_of(run_of("default")), Contains("--lm_model_path=none"));
  EXPECT_THAT(arguments_of(run_of("default")), Contains("--thinking=false"));
}

TEST(GenerateArguments, ALanguageModelIsNamedAndUsed) {
  TierRun run = run_of("default");
  run.lm_model = "acestep-5Hz-lm-0.6B";
  EXPECT_THAT(arguments_of(run), Contains("--lm_model_path=acestep-5Hz-lm-0.6B"));
  EXPECT_THAT(arguments_of(run), Contains("--thinking=true"));
}

TEST(GenerateArguments, VariantsSwitchOff) {
  EXPECT_THAT(arguments_of(run_of("no-quant")), Contains("--quantization=none"));
  EXPECT_THAT(arguments_of(run_of("no-quant")), Not(Contains("--offload_to_cpu=false")));
  const auto no_offload = arguments_of(run_of("no-offload"));
  for (const char* expected :
       {"--quantization=none", "--offload_to_cpu=false", "--offload_dit_to_cpu=false"}) {
    EXPECT_THAT(no_offload, Contains(expected));
  }
}

TEST(GenerateArguments, ABatchIsComputedTogether) {
  const auto arguments = arguments_of(run_of("batch-noLM-4", 4));
  EXPECT_THAT(arguments, Contains("--batch_size=4"));
  EXPECT_THAT(arguments, Contains("--songs_together=4"));
}

TEST(GenerateArguments, OptionsAreGivenThrough) {
  EXPECT_EQ(arguments_of(run_of("default"), {.passed_on = {"--checkpoint_dir=toy"}}).back(),
            "--checkpoint_dir=toy");
}

TEST(ExampleSong, IsTheReferences) {
  std::ifstream file(fs::path(ACESTEP_TEST_DATA) / "examples/text2music/example_05.json");
  const auto theirs = nlohmann::json::parse(file);
  const nlohmann::json ours = example_request();
  for (const char* field : {"caption", "lyrics", "bpm", "keyscale", "timesignature"}) {
    EXPECT_EQ(ours.at(field), theirs.at(field)) << field;
  }
  EXPECT_EQ(ours.at("vocal_language"), theirs.at("language"));
}

// A shell script in the program's place.
class GenerateRunnerTest : public testing::Test {
 protected:
  void TearDown() override { fs::remove_all(folder_.path()); }  // the kept logs, too

  TierRecord make_with(const std::string& script) {
    const fs::path program = folder_.path() / "fake";
    std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(program, fs::perms::owner_all);
    GenerateRunner runner({.program = program}, folder_, stop_);
    return runner.make(run_of("default"));
  }

  WorkFolder folder_{"acestep-test"};
  util::StopToken stop_;
};

TEST_F(GenerateRunnerTest, TakesTheResultFromStandardOutput) {
  const TierRecord record = make_with(
      R"(echo '{"success": true, "extra_outputs": {"peak_vram_gb": 3.25, "time_costs": {}}}')");
  EXPECT_TRUE(record.passes()) << record.outcome.error;
  EXPECT_EQ(record.outcome.peak_gb, 3.25);
}

TEST_F(GenerateRunnerTest, KeepsTheLogOfAFailureAndNamesIt) {
  const TierRecord record = make_with("echo words >&2; exit 5");
  EXPECT_FALSE(record.passes());
  EXPECT_TRUE(fs::exists(record.outcome.log));
  EXPECT_THAT(record.outcome.error, HasSubstr("(log: " + record.outcome.log.string() + ")"));
}

TEST_F(GenerateRunnerTest, HidesVariablesThatWouldDecide) {
  setenv("MAX_CUDA_VRAM", "4", 1);
  const TierRecord record = make_with(R"([ -z "$MAX_CUDA_VRAM" ] && echo '{"success": true}')");
  unsetenv("MAX_CUDA_VRAM");
  EXPECT_TRUE(record.passes()) << record.outcome.error;
}

TEST_F(GenerateRunnerTest, AnAskedStopEndsTheTest) {
  stop_.limit_time(std::chrono::milliseconds(50));
  EXPECT_THROW(make_with("exec sleep 30"), Error);
}

}  // namespace
}  // namespace acestep::profile
