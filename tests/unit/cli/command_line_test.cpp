#include "cli/command_line.h"

#include <gmock/gmock.h>

#include "request/request_fields.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

class OptionOfField : public ::testing::TestWithParam<request::Field> {};

void expect_arrives(const request::Field& field, const std::vector<std::string>& arguments,
                    const request::Value& value) {
  request::Findings findings;
  const GenerateOptions options = parse_generate_options(arguments, findings);
  EXPECT_THAT(findings.problems, IsEmpty());
  ASSERT_TRUE(options.layer.contains(field.name));
  EXPECT_EQ(options.layer.at(field.name).value, value);
  EXPECT_EQ(options.layer.at(field.name).source, "cli");
}

TEST_P(OptionOfField, ArrivesInBothSpellings) {
  const request::Field& field = GetParam();
  for (const std::string& spelling : spellings_of(field.name)) {
    if (field.type == request::FieldType::kBool) {
      expect_arrives(field, {"--" + spelling}, true);
      expect_arrives(field, {"--" + spelling + "=false"}, false);
      const std::string no = spelling.find('-') == std::string::npos ? "--no_" : "--no-";
      expect_arrives(field, {no + spelling}, false);
      expect_arrives(field, {"--no-" + spelling}, false);
    } else if (field.type == request::FieldType::kText) {
      expect_arrives(field, {"--" + spelling, "[a, b]"}, std::string("[a, b]"));
    } else if (field.type == request::FieldType::kReal) {
      expect_arrives(field, {"--" + spelling + "=-1.5"}, -1.5);
    } else if (field.type == request::FieldType::kInteger) {
      expect_arrives(field, {"--" + spelling, "-1"}, int64_t{-1});
    }
  }
}

std::vector<request::Field> options() {
  std::vector<request::Field> fields;
  for (const request::Field& field : request::all_fields()) {
    if (field.support == request::FieldSupport::kNow) fields.push_back(field);
  }
  return fields;
}

std::string name_of(const ::testing::TestParamInfo<request::Field>& field) {
  return field.param.name;
}

INSTANTIATE_TEST_SUITE_P(All, OptionOfField, ::testing::ValuesIn(options()), name_of);

TEST(ParseGenerateOptions, KeepsTheOrderOfFiles) {
  request::Findings findings;
  EXPECT_THAT(parse_generate_options({"-c", "a", "--config=b", "-c", "-"}, findings).config_files,
              ElementsAre("a", "b", "-"));
}

TEST(ParseGenerateOptions, RefusesUnknownOptionsAsUsage) {
  request::Findings findings;
  try {
    parse_generate_options({"--durration", "3"}, findings);
    ADD_FAILURE() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_EQ(error.hint(), "did you mean '--duration'?");
  }
}

}  // namespace
}  // namespace acestep::cli
