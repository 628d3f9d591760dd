#include "text/yaml_writer.h"

#include <gtest/gtest.h>

#include "text/yaml_reader.h"

namespace acestep::text {
namespace {

std::string written(const MetadataValue& value) { return write_yaml({{"key", value}}); }

TEST(WriteYaml, KeysAreInOrder) {
  EXPECT_EQ(write_yaml({{"b", int64_t{2}}, {"a", std::string("x")}}), "a: x\nb: 2\n");
}

TEST(WriteYaml, NumbersAndNothing) {
  EXPECT_EQ(written(12.5), "key: 12.5\n");
  EXPECT_EQ(written(1e17), "key: 1.0e+17\n");
  EXPECT_EQ(written(true), "key: true\n");
  EXPECT_EQ(written({}), "key: null\n");
}

struct ScalarCase {
  const char* text;
  const char* yaml;
};

class WriteYamlText : public ::testing::TestWithParam<ScalarCase> {};

TEST_P(WriteYamlText, IsQuotedAsPyYamlDoes) {
  EXPECT_EQ(written(std::string(GetParam().text)), std::string("key: ") + GetParam().yaml + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    Scalars, WriteYamlText,
    ::testing::Values(
        ScalarCase{"plain text", "plain text"}, ScalarCase{"", "''"}, ScalarCase{"no", "'no'"},
        ScalarCase{"12", "'12'"}, ScalarCase{"1_000", "'1_000'"}, ScalarCase{"1:30", "'1:30'"},
        ScalarCase{"a: b", "'a: b'"}, ScalarCase{"a:b", "a:b"}, ScalarCase{"a #b", "'a #b'"},
        ScalarCase{"a#b", "a#b"}, ScalarCase{"it's: x", "'it''s: x'"}, ScalarCase{"---", "'---'"},
        ScalarCase{"-x", "-x"}, ScalarCase{"a\nb", "'a\n\n  b'"}, ScalarCase{"a\tb", "\"a\\tb\""},
        ScalarCase{"a \nb", "\"a \\nb\""}, ScalarCase{"x\x01", "\"x\\x01\""}));

TEST(WriteYaml, FoldsAfterColumnEighty) {
  const std::string word(40, 'x');
  EXPECT_EQ(written(word + " " + word + " " + word),
            "key: " + word + " " + word + "\n  " + word + "\n");
}

TEST(ReadYamlText, TakesBackWhatWasWritten) {
  EXPECT_EQ(read_yaml_text({" 'it''s", "", "  two lines'"}), "it's\ntwo lines");
  EXPECT_EQ(read_yaml_text({" \"tab\\there \\", "  \\ and \\u266D\""}), "tab\there  and ♭");
  EXPECT_EQ(read_yaml_text({" 'open"}), "'open");
  EXPECT_EQ(read_yaml_text({" '"}), "'");
  EXPECT_EQ(read_yaml_text({" \"bad \\q\""}), "\"bad \\q\"");
}

}  // namespace
}  // namespace acestep::text
