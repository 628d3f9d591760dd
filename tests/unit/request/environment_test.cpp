#include "request/environment.h"

#include <gmock/gmock.h>

#include <map>

#include "request/json_document.h"
#include "request/request_fields.h"

namespace acestep::request {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Variables = std::map<std::string, std::string>;

Environment holding(const Variables& variables) {
  return [variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

struct Read {
  Layer layer;
  Findings findings;
  Settings settings;
};

Read read(const Variables& variables) {
  Read read;
  read.layer = read_environment(holding(variables), supported_fields(), read.findings);
  read.settings = gather({read.layer}, read.findings).settings;
  return read;
}

TEST(ReadEnvironment, KnowsTheReferencesNamesAndSwitches) {
  const Read known = read({{"ACESTEP_CHECKPOINTS_DIR", "/models"},
                           {"ACESTEP_CONFIG_PATH", "acestep-v15-sft"},
                           {"ACESTEP_DISABLE_TQDM", "1"},
                           {"ACESTEP_INIT_LLM", "false"}});
  EXPECT_EQ(known.settings.checkpoint_dir, "/models");
  EXPECT_EQ(known.settings.config_path, "acestep-v15-sft");
  EXPECT_EQ(known.settings.progress, "none");
  EXPECT_EQ(known.settings.lm_model_path, "none");
  EXPECT_EQ(known.layer.at("progress").source, "env:ACESTEP_DISABLE_TQDM");
}

TEST(ReadEnvironment, LeavesTheLanguageModelToBeChosenUnlessItIsTurnedOff) {
  for (const char* word : {"auto", ""}) {
    const Read known = read({{"ACESTEP_INIT_LLM", word}});
    EXPECT_THAT(known.layer, IsEmpty()) << word;
    EXPECT_THAT(known.findings.warnings, IsEmpty()) << word;
  }
  EXPECT_EQ(read({{"ACESTEP_INIT_LLM", " No "}}).settings.lm_model_path, "none");
}

TEST(ReadEnvironment, AsksForTheLanguageModelByThinking) {
  for (const char* word : {"true", "1", "yes"}) {
    const Read known = read({{"ACESTEP_INIT_LLM", word}});
    EXPECT_EQ(known.layer.at("thinking").source, "env:ACESTEP_INIT_LLM") << word;
    EXPECT_TRUE(known.settings.thinking) << word;
    EXPECT_EQ(known.settings.lm_model_path, "") << word;
  }
}

TEST(ReadEnvironment, AutoLeavesAMemorySwitchOpen) {
  const Read known = read({{"ACESTEP_OFFLOAD_TO_CPU", "auto"}, {"MAX_CUDA_VRAM", "8"}});
  EXPECT_EQ(known.settings.offload_to_cpu, std::nullopt);
  EXPECT_EQ(known.settings.max_vram, "8");
  EXPECT_THAT(known.findings.problems, IsEmpty());
}

TEST(ReadEnvironment, TurnsTheLanguageModelOffOverItsName) {
  EXPECT_EQ(
      read({{"ACESTEP_INIT_LLM", "0"}, {"ACESTEP_LM_MODEL_PATH", "x"}}).settings.lm_model_path,
      "none");
}

TEST(ReadEnvironment, ShowsProgressAsAskedOverTheSwitch) {
  EXPECT_EQ(read({{"ACESTEP_DISABLE_TQDM", "1"}, {"ACESTEP_PROGRESS", "json"}}).settings.progress,
            "json");
}

TEST(ReadEnvironment, WarnsOfAWordASwitchDoesNotKnow) {
  EXPECT_THAT(read({{"ACESTEP_INIT_LLM", "maybe"}}).findings.warnings,
              ElementsAre("env:ACESTEP_INIT_LLM = 'maybe' has no effect: allowed: 0, false, no, "
                          "1, true, yes, auto"));
}

TEST(ReadEnvironment, SaysNothingForAnEmptyVariable) {
  EXPECT_THAT(read({{"ACESTEP_BPM", ""}}).layer, IsEmpty());
}

TEST(ReadEnvironment, NamesTheVariableOfABadValue) {
  EXPECT_THAT(read({{"ACESTEP_BPM", "fast"}}).findings.problems,
              ElementsAre(HasSubstr("bpm = 'fast' (env:ACESTEP_BPM): expected a whole number")));
}

TEST(ReadEnvironment, NamesFileAndLineOfAVariableInAFile) {
  const EnvFile file = read_env_file("\nACESTEP_BPM=90\nACESTEP_SHIFT=x\n", "a.env");
  Findings findings;
  const Layer layer = read_environment(file, supported_fields(), findings);
  EXPECT_EQ(layer.at("bpm").source, "env:ACESTEP_BPM in a.env line 2");
  EXPECT_THAT(findings.problems,
              ElementsAre(HasSubstr("shift = 'x' (env:ACESTEP_SHIFT in a.env line 3)")));
}

TEST(ReadEnvironment, TakesOnlyTheFieldsAsked) {
  Findings findings;
  const Layer layer = read_environment(holding({{"ACESTEP_BPM", "90"}, {"ACESTEP_INIT_LLM", "0"}}),
                                       {&field_named("shift")}, findings);
  EXPECT_THAT(layer, IsEmpty());
}

TEST(KnownVariables, AreListedOnce) {
  std::map<std::string, int> times;
  for (const Variable& variable : known_variables()) {
    EXPECT_EQ(++times[variable.name], 1) << variable.name;
    EXPECT_FALSE(variable.meaning.empty()) << variable.name;
  }
  for (const char* name : {"ACESTEP_CHECKPOINTS_DIR", "ACESTEP_INIT_LLM", "MAX_CUDA_VRAM",
                           "ACESTEP_OFFLOAD_TO_CPU", "ACESTEP_GENERATION_TIMEOUT", "NO_COLOR"}) {
    EXPECT_EQ(times[name], 1) << name;
  }
}

TEST(KnownVariables, AreToldInTheManual) {
  const std::string manual = read_document(ACESTEP_TEST_DATA "/../../docs/REQUESTS.md");
  for (const Variable& variable : known_variables()) {
    const bool is_option = find_field(variable.meaning) != nullptr;
    if (is_option && variable.name.starts_with("ACESTEP_")) continue;  // "Every option is …"
    EXPECT_THAT(manual, HasSubstr("`" + variable.name + "`"));
  }
}

TEST(UnknownVariables, AreToldWithTheNearestName) {
  const EnvFile file = read_env_file(
      "ACESTEP_BPM=90\nACESTEP_BPMS=90\nPORT=1\nACESTEP_API_KEY=x\nACESTEP_TMPDIR=y\n", "a.env");
  EXPECT_THAT(unknown_variables(file),
              ElementsAre("a.env line 2: unknown variable 'ACESTEP_BPMS', did you mean "
                          "'ACESTEP_BPM'?"));
}

TEST(IdleVariables, OfLaterVersionsAskForWhatIsNotDone) {
  const auto idle = idle_variables(
      holding({{"ACESTEP_INSTRUCTION_FILE", "x"}, {"ACESTEP_ALLOW_LM_BATCH", "true"}}));
  EXPECT_EQ(idle.size(), 2);
  EXPECT_THAT(
      refused_wishes(idle),
      ElementsAre(
          "env:ACESTEP_INSTRUCTION_FILE has no effect: instruction_file is not supported yet"));
}

TEST(IdleVariables, AreThoseSetWithoutEffect) {
  const auto idle = idle_variables(
      holding({{"ACESTEP_BPM", "90"}, {"ACESTEP_TMPDIR", "/scratch"}, {"ACESTEP_NO_INIT", ""}}));
  ASSERT_EQ(idle.size(), 1);
  EXPECT_EQ(idle[0].name, "ACESTEP_TMPDIR");
  EXPECT_EQ(idle[0].use, VariableUse::kNever);
}

}  // namespace
}  // namespace acestep::request
