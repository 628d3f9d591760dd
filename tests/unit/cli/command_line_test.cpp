#include "cli/command_line.h"

#include <gmock/gmock.h>

#include <functional>

#include "cli/command_table.h"
#include "request/request_fields.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Surroundings& no_surroundings() {
  static const Surroundings surroundings;
  return surroundings;
}

CommandCall call_of(const std::string& command, const std::vector<std::string>& arguments) {
  return parse_call(*find_command(command), arguments, no_surroundings());
}

TEST(SplitCommand, TakesOptionsAloneAsGenerate) {
  EXPECT_EQ(split_command({"-p", "models", "--bpm", "90"}).command, "generate");
}

TEST(SplitCommand, FindsACommandBehindOptions) {
  const CommandLine line = split_command({"--bpm", "90", "-nq", "--json", "version", "-b2"});
  EXPECT_EQ(line.command, "version");
  EXPECT_THAT(line.arguments, ElementsAre("--bpm", "90", "-nq", "--json", "-b2"));
}

TEST(SplitCommand, TakesAFirstUnknownWordAsACommand) {
  EXPECT_EQ(split_command({"genrate"}).command, "genrate");
}

TEST(SplitCommand, JoinsAWordAndItsAction) {
  const CommandLine line = split_command({"--seed", "3", "models", "-q", "make-tiny", "toy"});
  EXPECT_EQ(line.command, "models make-tiny");
  EXPECT_THAT(line.arguments, ElementsAre("--seed", "3", "-q", "toy"));
}

class OptionOfField : public ::testing::TestWithParam<request::Field> {};

void expect_arrives(const request::Field& field, const std::vector<std::string>& arguments,
                    const std::string& text) {
  const CommandCall call = call_of("generate", arguments);
  ASSERT_TRUE(call.field_texts().contains(field.name));
  EXPECT_EQ(call.field_texts().at(field.name), text);
}

TEST_P(OptionOfField, ArrivesInBothSpellings) {
  const request::Field& field = GetParam();
  for (const std::string& spelling : spellings_of(field.name)) {
    if (field.type == request::FieldType::kBool) {
      expect_arrives(field, {"--" + spelling}, "true");
      expect_arrives(field, {"--" + spelling + "=false"}, "false");
      const std::string no = spelling.find('-') == std::string::npos ? "--no_" : "--no-";
      expect_arrives(field, {no + spelling}, "false");
      expect_arrives(field, {"--no-" + spelling}, "false");
    } else {
      expect_arrives(field, {"--" + spelling, "[a, b]"}, "[a, b]");
      expect_arrives(field, {"--" + spelling + "=-1.5"}, "-1.5");
      expect_arrives(field, {"--" + spelling, "-1"}, "-1");
    }
  }
}

std::vector<request::Field> options() {
  std::vector<request::Field> fields;
  for (const request::Field* field : fields_of(*find_command("generate"))) {
    fields.push_back(*field);
  }
  return fields;
}

std::string name_of(const ::testing::TestParamInfo<request::Field>& field) {
  return field.param.name;
}

INSTANTIATE_TEST_SUITE_P(All, OptionOfField, ::testing::ValuesIn(options()), name_of);

TEST(ParseCall, KeepsTheOrderOfFiles) {
  EXPECT_THAT(call_of("generate", {"-c", "a", "--config=b", "-c", "-"}).texts("config"),
              ElementsAre("a", "b", "-"));
}

// Message and hint of the usage error.
std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  ADD_FAILURE() << "it was taken";
  return {};
}

std::string refusal(const std::string& command, const std::vector<std::string>& arguments) {
  return refusal([&] { call_of(command, arguments); });
}

TEST(ParseCall, NamesTheNearestOption) {
  EXPECT_THAT(refusal("generate", {"--durration", "3"}), HasSubstr("did you mean '--duration'?"));
}

TEST(ParseCall, TellsAnOptionOfAnotherCommand) {
  EXPECT_THAT(refusal("version", {"--bpm", "3"}), HasSubstr("not one of 'acestep version'"));
}

TEST(ParseCall, CountsArguments) {
  EXPECT_THAT(refusal("models make-tiny", {}), HasSubstr("DIR is missing"));
  EXPECT_THAT(refusal("models make-tiny", {"a", "b"}), HasSubstr("unexpected argument 'b'"));
  EXPECT_EQ(call_of("models make-tiny", {"a"}).argument(0), "a");
}

TEST(ParseCall, ChecksNumbers) {
  const auto seed = [](const std::string& text) {
    return call_of("models make-tiny", {"a", "--seed", text}).integer("seed", 1, 0, 9);
  };
  EXPECT_EQ(seed("9"), 9);
  EXPECT_EQ(call_of("models make-tiny", {"a"}).integer("seed", 1, 0, 9), 1);
  for (const std::string wrong : {"10", "-1", "x", "1.5"}) {
    EXPECT_THAT(refusal([&] { seed(wrong); }), HasSubstr("--seed = '" + wrong + "'"));
  }
}

TEST(CommandTable, DescribesEveryCommand) {
  for (const Command& command : all_commands()) {
    EXPECT_FALSE(command.summary.empty()) << command.name;
    EXPECT_TRUE(command.is_hidden || !command.examples.empty()) << command.name;
    for (const std::string& field : command.fields) {
      EXPECT_NE(request::find_field(field), nullptr) << command.name << " takes " << field;
    }
  }
}

}  // namespace
}  // namespace acestep::cli
