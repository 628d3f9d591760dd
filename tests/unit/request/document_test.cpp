#include "request/document.h"

#include <gmock/gmock.h>

#include "request/json_document.h"
#include "util/error.h"

namespace acestep::request {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

std::string refusal_of(const std::string& text, const std::string& name) {
  try {
    read_request(text, name);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.message();
  }
  return "";
}

json as_object(const Document& document) {
  json object = json::object();
  for (const Entry& entry : document.entries) object[entry.key] = entry.value;
  return object;
}

TEST(ReadRequest, TakesAFlatJsonObject) {
  EXPECT_EQ(as_object(read_request(R"({"bpm": 90, "lyrics": "a\nb"})", "a.json")),
            json({{"bpm", 90}, {"lyrics", "a\nb"}}));
}

TEST(ReadRequest, TakesParamsAndConfigWithANullModelMeaningNone) {
  const auto document = read_request(
      R"({"params": {"bpm": 90}, "config": {"seeds": [3]}, "model": "m", "lm_model": null})", "-");
  EXPECT_EQ(as_object(document),
            json({{"bpm", 90}, {"seeds", {3}}, {"model", "m"}, {"lm_model", "none"}}));
}

TEST(ReadRequest, TakesTheRequestOfASidecar) {
  EXPECT_EQ(as_object(read_request(R"({"schema": "acestep/1", "request": {"bpm": 90}})", "-")),
            json({{"bpm", 90}}));
}

TEST(ReadRequest, TakesFlatTomlWithTrailingCommaAndEscapes) {
  const auto document =
      read_request("lyrics = \"caf\\u00e9\\nb\"\nseeds = [ 1, 2, 3,]\nthinking = true\n", "a.toml");
  EXPECT_EQ(as_object(document),
            json({{"lyrics", "café\nb"}, {"seeds", {1, 2, 3}}, {"thinking", true}}));
}

TEST(ReadRequest, LetsTheGenerateTableWinOverDefaults) {
  const auto document =
      read_request("[generate]\nbpm = 90\n[defaults]\nbpm = 80\nshift = 2.5\n", "-");
  EXPECT_EQ(as_object(document), json({{"bpm", 90}, {"shift", 2.5}}));
}

TEST(ReadRequest, RemembersTomlLines) {
  EXPECT_EQ(read_request("# c\n\nbpm = 90\n", "a.toml").entries.at(0).line, 3);
}

TEST(ReadRequest, RemembersJsonLines) {
  const auto lines_of = [](const std::string& text) {
    std::map<std::string, int> lines;
    for (const Entry& entry : read_request(text, "a.json").entries) lines[entry.key] = entry.line;
    return lines;
  };
  using Lines = std::map<std::string, int>;
  EXPECT_EQ(
      lines_of("{\n\"caption\": \"bpm\\\"\\n\\\\\",\n\n \"seeds\": [\n1], \"b\\u0070m\"\n: 3}"),
      (Lines{{"caption", 2}, {"seeds", 4}, {"bpm", 5}}));
  EXPECT_EQ(lines_of("{\"seed\": 1,\n\"request\": {\"bpm\": 90,\n\"seed\": 2}}"),
            (Lines{{"bpm", 2}, {"seed", 3}}));
  EXPECT_EQ(lines_of("{\"params\": {\n\"bpm\": 9},\n\"config\": {\"seed\": 2},\n\"model\": \"m\"}"),
            (Lines{{"bpm", 2}, {"seed", 3}, {"model", 4}}));
}

TEST(ReadRequest, TellsNoLinesOfAJsonOnOne) {
  EXPECT_EQ(read_request("{\"bpm\": 90}\n", "a.jsonl line 7").entries.at(0).line, 0);
}

TEST(ReadRequest, NamesLineAndColumnOfBrokenToml) {
  EXPECT_THAT(refusal_of("bpm = 90\nshift = = 2\n", "a.toml"),
              HasSubstr("a.toml line 2, column 9"));
}

TEST(ReadRequest, RefusesATomlKeyGivenTwice) {
  EXPECT_THAT(refusal_of("bpm = 90\nbpm = 91\n", "a.toml"), HasSubstr("line 2"));
}

TEST(ReadRequest, RefusesBrokenJson) {
  EXPECT_THAT(refusal_of("{\"bpm\": }", "a.json"), HasSubstr("a.json: not valid JSON"));
}

TEST(ReadRequest, RefusesAJsonKeyGivenTwice) {
  EXPECT_THAT(refusal_of(R"({"bpm": 1, "bpm": 2})", "a.json"), HasSubstr("'bpm' is given twice"));
}

TEST(ReadRequest, RefusesAKeyInParamsAndConfig) {
  EXPECT_THAT(refusal_of(R"({"params": {"bpm": 1}, "config": {"bpm": 1}})", "a.json"),
              HasSubstr("'bpm' is given twice"));
}

TEST(ReadRequest, RefusesParamsThatAreNoObject) {
  EXPECT_THAT(refusal_of(R"({"params": 3})", "a.json"), HasSubstr("'params' must hold an object"));
}

TEST(ReadRequest, RefusesBadUtf8InBothDialects) {
  EXPECT_THAT(refusal_of("{\"caption\": \"\xff\"}", "a.json"), HasSubstr("not valid UTF-8"));
  EXPECT_THAT(refusal_of("caption = \"\xc3\x28\"", "a.toml"), HasSubstr("not valid UTF-8"));
}

TEST(ReadRequest, RefusesANulByte) {
  EXPECT_THAT(refusal_of(std::string("{\"bpm\": 90}\0x", 13), "a.json"), HasSubstr("NUL"));
}

TEST(ReadRequest, RefusesTenThousandLevels) {
  const std::string open(10000, '[');
  EXPECT_THAT(refusal_of("{\"a\": " + open, "a.json"), HasSubstr("nested deeper than 32"));
  EXPECT_NE(refusal_of("a = " + open, "a.toml"), "");
}

TEST(ReadRequest, RefusesAJsonList) {
  EXPECT_THAT(refusal_of("[1]", "a.json"), HasSubstr("expected a JSON object"));
}

TEST(ReadDocument, RefusesAMissingFileAndAFolderAsUnreadable) {
  for (const char* path : {"/nonexistent/a.json", "/"}) {
    try {
      read_document(path);
      ADD_FAILURE() << path << " was read";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInput);
      EXPECT_THAT(error.message(), HasSubstr(path));
    }
  }
}

TEST(ReadDocument, RefusesAnEndlessFile) {
  try {
    read_document("/dev/zero");
    ADD_FAILURE() << "read to the end";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInput);
    EXPECT_THAT(error.message(), HasSubstr("longer than 10000000 bytes"));
  }
}

}  // namespace
}  // namespace acestep::request
