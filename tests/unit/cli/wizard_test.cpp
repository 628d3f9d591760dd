#include "cli/wizard.h"

#include <gmock/gmock.h>

#include <sstream>

#include "cli/interview.h"
#include "request/request_text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using ::testing::HasSubstr;

struct Asked {
  std::string settings;  // TOML
  std::string shown;
};

Asked ask(AnswersFrom from, const std::string& answers, const InstalledModels& models = {}) {
  std::istringstream input(answers);
  std::ostringstream shown;
  Interview interview(from, input, shown);
  const request::Layer layer = ask_for_settings(interview, models);
  return {to_toml_text(layer), shown.str()};
}

std::string refusal_of(AnswersFrom from, const std::string& answers, ErrorCode code) {
  try {
    ask(from, answers);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.message();
  }
  return "";
}

TEST(Wizard, WritesWhatDiffersFromTheUsual) {
  EXPECT_EQ(ask(AnswersFrom::kNobody, "").settings,
            "lyrics = \"[Instrumental]\"\ninstrumental = true\nbatch_size = 1\n");
  EXPECT_EQ(ask(AnswersFrom::kList, "\nn\nslow blues\n4\nla\nen\n2\nn\n").settings,
            "caption = \"slow blues\"\nlyrics = \"la\"\nvocal_language = \"en\"\nbatch_size = 2\n");
}

TEST(Wizard, OffersTheModelsThatAreThere) {
  const InstalledModels models = {{"acestep-v15-sft", "acestep-v15-turbo"}, {}};
  const Asked asked = ask(AnswersFrom::kTerminal, "\n1\nn\n\n\n\n\n", models);
  EXPECT_THAT(asked.settings, HasSubstr("config_path = \"acestep-v15-sft\""));
  EXPECT_THAT(asked.shown, HasSubstr("  2  acestep-v15-turbo\n"));
  EXPECT_THAT(asked.shown, HasSubstr("Language model: none found"));
}

TEST(Wizard, AsksForGuidanceOnlyWhereAModelTakesIt) {
  const std::string usual_answers(60, '\n');
  const InstalledModels models = {{"acestep-v15-sft", "acestep-v15-turbo"}, {}};
  const auto shown = [&](const std::string& model) {
    const std::string words = "\n" + model + "\nn\nx\n1\n\ny\n";
    return ask(AnswersFrom::kTerminal, words + usual_answers, models).shown;
  };
  EXPECT_THAT(shown("1"), HasSubstr("Guidance scale"));
  EXPECT_THAT(shown("2"), ::testing::Not(HasSubstr("Guidance scale")));
}

TEST(Wizard, AsksAPersonAgain) {
  const Asked asked = ask(AnswersFrom::kTerminal, "7\n1\nmaybe\nn\nx\n1\nmany\n3\nn\n");
  EXPECT_THAT(asked.shown, HasSubstr("'7': expected 1 … 6"));
  EXPECT_THAT(asked.shown, HasSubstr("'maybe': y or n is expected"));
  EXPECT_THAT(asked.shown, HasSubstr("batch_size = 'many' (answer): expected a whole number"));
  EXPECT_THAT(asked.settings, HasSubstr("batch_size = 3"));
}

TEST(Wizard, NamesTheLineOfABadAnswerInAList) {
  EXPECT_EQ(refusal_of(AnswersFrom::kList, "\nmaybe\n", ErrorCode::kUsage),
            "answer 2: 'maybe': y or n is expected");
  EXPECT_THAT(refusal_of(AnswersFrom::kList, "\n", ErrorCode::kUsage),
              HasSubstr("answer 2 is missing"));
}

TEST(Wizard, TakesNoTextThatWouldBeReadAsAFile) {
  EXPECT_THAT(refusal_of(AnswersFrom::kList, "\nn\n@home\n", ErrorCode::kUsage),
              HasSubstr("'@home' would be read as the name of a file"));
}

TEST(Wizard, StopsWithThePerson) {
  EXPECT_EQ(refusal_of(AnswersFrom::kTerminal, "\nn\n", ErrorCode::kInterrupted),
            "stopped before the last question");
}

}  // namespace
}  // namespace acestep::cli
