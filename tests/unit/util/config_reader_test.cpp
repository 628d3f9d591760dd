#include "util/config_reader.h"

#include <nlohmann/json.hpp>

#include "unit/util/temp_folder.h"
#include "util/strict_json.h"

namespace acestep::util {
namespace {

using ::acestep::testing::message_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ConfigReaderTest : public testing::TempFolder {
 protected:
  ConfigReader read(std::string_view text) const {
    return ConfigReader(write("config.json", text));
  }
};

TEST_F(ConfigReaderTest, ReadsEveryKind) {
  const ConfigReader config =
      read(R"({"i":5,"f":1e-6,"b":true,"s":"silu","is":[1,2],"ss":["a"],"null":null})");
  EXPECT_EQ(config.integer("i", 1, 5), 5);
  EXPECT_EQ(config.number("i", 1, 5), 5.0);
  EXPECT_EQ(config.number("f", 0, 1), 1e-6);
  EXPECT_TRUE(config.boolean("b"));
  EXPECT_EQ(config.string("s"), "silu");
  EXPECT_THAT(config.integers("is", 1, 2, 2), ElementsAre(1, 2));
  EXPECT_THAT(config.strings("ss", 4), ElementsAre("a"));
  EXPECT_FALSE(config.has("null"));
  EXPECT_EQ(config.integer_or("null", 7, 0, 1), 7);
  EXPECT_EQ(config.number_or("absent", 0.5, 0, 1), 0.5);
  EXPECT_TRUE(config.boolean_or("absent", true));
  EXPECT_EQ(config.string_or("absent", "gelu"), "gelu");
}

TEST_F(ConfigReaderTest, NamesFileKeyFoundAndAllowed) {
  const ConfigReader config = read(R"({"hidden_size":0})");
  const std::string message =
      message_of(ErrorCode::kModel, [&] { config.integer("hidden_size", 1, 16384); });
  EXPECT_EQ(message,
            config.file_name() + ": hidden_size is 0, expected a whole number from 1 to 16384");
}

TEST_F(ConfigReaderTest, RefusesEveryMisfit) {
  const ConfigReader config = read(
      R"({"big":18446744073709551615,"f":1.5,"s":"x","mixed":[1,"a"],"empty":[],"long":[1,2,3]})");
  message_of(ErrorCode::kModel, [&] { config.integer("big", 0, INT64_MAX); });
  message_of(ErrorCode::kModel, [&] { config.integer("f", 0, 9); });
  message_of(ErrorCode::kModel, [&] { config.integer("s", 0, 9); });
  message_of(ErrorCode::kModel, [&] { config.integer_or("s", 1, 0, 9); });
  message_of(ErrorCode::kModel, [&] { config.number("f", 1.6, 2); });
  message_of(ErrorCode::kModel, [&] { config.boolean("f"); });
  message_of(ErrorCode::kModel, [&] { config.string("f"); });
  message_of(ErrorCode::kModel, [&] { config.integers("mixed", 0, 9, 9); });
  message_of(ErrorCode::kModel, [&] { config.strings("mixed", 9); });
  message_of(ErrorCode::kModel, [&] { config.integers("empty", 0, 9, 9); });
  message_of(ErrorCode::kModel, [&] { config.integers("long", 0, 9, 2); });
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { config.integer("absent", 0, 9); }),
              HasSubstr("absent is missing"));
}

struct BadText {
  const char* name;
  std::string text;
};

class BadConfigTest : public testing::TempFolder, public ::testing::WithParamInterface<BadText> {};

TEST_P(BadConfigTest, IsRefusedByName) {
  const auto path = write("config.json", GetParam().text);
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { ConfigReader{path}; }), HasSubstr(path.string()));
}

INSTANTIATE_TEST_SUITE_P(Texts, BadConfigTest,
                         ::testing::Values(BadText{"Empty", ""}, BadText{"List", "[]"},
                                           BadText{"Cut", R"({"a":)"},
                                           BadText{"TwoKeys", R"({"a":1,"a":2})"},
                                           BadText{"TwoNestedKeys", R"({"o":{"a":1,"a":2}})"},
                                           BadText{"BadUtf8", "{\"a\":\"\xff\"}"},
                                           BadText{"Nul", std::string("{}\0{}", 5)},
                                           BadText{"Deep", std::string(10000, '[')},
                                           BadText{"Trailing", "{} x"},
                                           BadText{"Large", "{}" + std::string(1 << 20, ' ')}),
                         [](const auto& text) { return text.param.name; });

TEST_F(ConfigReaderTest, RefusesAMissingFile) {
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { ConfigReader(folder_ / "absent.json"); }),
              HasSubstr("absent.json"));
}

// Tokenizer files list a hundred thousand objects; a parser that takes quadratic time on them would
// run into this test's time limit.
TEST(ParseJson, ReadsLongListsOfObjects) {
  constexpr size_t kObjects = 300'000;
  std::string text = "[{}";
  for (size_t i = 1; i < kObjects; ++i) text += ",{}";
  const JsonLimits limits = {.max_bytes = 4 * kObjects, .max_depth = 2};
  EXPECT_EQ(parse_json(text + "]", "list", limits, ErrorCode::kModel).size(), kObjects);
}

}  // namespace
}  // namespace acestep::util
