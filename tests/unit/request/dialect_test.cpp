#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "request/dialects.h"
#include "request/json_document.h"
#include "unit/request/reading.h"
#include "util/error.h"

namespace acestep::request {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Document read(const std::string& text) { return read_request(text, "a.json"); }

json values_of(const Document& document) {
  json object = json::object();
  for (const Entry& entry : document.entries) object[entry.key] = entry.value;
  return object;
}

std::string refusal_of(const std::string& text) {
  try {
    read(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.message();
  }
  return "";
}

TEST(Dialect, IsToldByTheKeysOfAFile) {
  EXPECT_EQ(read(R"({"caption": "x", "think": true})").dialect, "flat JSON");
  EXPECT_EQ(read(R"({"request": {"caption": "x"}})").dialect, "acestep sidecar");
  EXPECT_EQ(read(R"({"params": {"caption": "x"}})").dialect, "params and config");
  EXPECT_EQ(read(R"({"caption": "x", "solver": "sde"})").dialect, "acestep.cpp");
  EXPECT_EQ(read(R"({"caption": "x", "lm_model": "acestep-5Hz-lm-4B.gguf"})").dialect,
            "acestep.cpp");
  EXPECT_EQ(read(R"({"caption": "x", "lm_model": "acestep-5Hz-lm-4B"})").dialect, "flat JSON");
  EXPECT_EQ(read(R"({"caption": "x", "use_lora": false})").dialect, "reference sidecar");
  EXPECT_EQ(read(R"({"description": "x"})").dialect, "simple mode");
  EXPECT_EQ(read_request("caption = \"x\"", "a.toml").dialect, "TOML");
}

TEST(Dialect, RefusesKeysOfTwo) {
  EXPECT_EQ(refusal_of(R"({"solver": "euler", "lora_loaded": true})"),
            "a.json: key 'solver' belongs to the dialect 'acestep.cpp', key 'lora_loaded' to "
            "'reference sidecar'; expected the keys of one of them");
  EXPECT_THAT(refusal_of(R"({"description": "x", "output_format": "mp3"})"),
              HasSubstr("'output_format'"));
}

TEST(Prompt, StandsInForAnEmptyCaptionInEveryDialect) {
  EXPECT_EQ(values_of(read(R"({"prompt": "x"})")), json({{"caption", "x"}}));
  EXPECT_EQ(values_of(read(R"({"caption": "", "prompt": "x"})")), json({{"caption", "x"}}));
  EXPECT_EQ(values_of(read(R"({"params": {"caption": null, "prompt": "x"}})")),
            json({{"caption", "x"}}));
  EXPECT_EQ(values_of(read(R"({"prompt": "x", "use_lora": false})")), json({{"caption", "x"}}));
  EXPECT_EQ(values_of(read_request("prompt = \"x\"", "a.toml")), json({{"caption", "x"}}));
}

TEST(Prompt, LeavesACaptionAlone) {
  EXPECT_EQ(values_of(read(R"({"caption": "x", "prompt": "y"})"))["caption"], "x");
  EXPECT_EQ(values_of(read(R"({"caption": "x", "prompt": ""})"))["caption"], "x");
}

// A key of the reference's files that may be left open, in every way they leave it.
class LeftOpen : public ::testing::TestWithParam<std::string> {};

TEST_P(LeftOpen, IsOpenInEveryDialect) {
  const std::string metadata = "\"bpm\": " + GetParam() + ", \"duration\": " + GetParam() +
                               ", \"keyscale\": " + GetParam() +
                               ", \"timesignature\": " + GetParam() +
                               ", \"vocal_language\": " + GetParam() + ", \"caption\": \"x\"";
  for (const std::string& text :
       {"{" + metadata + "}", "{" + metadata + ", \"use_lora\": false}",
        "{" + metadata + ", \"solver\": \"euler\"}", "{\"params\": {" + metadata + "}}",
        "{\"request\": {" + metadata + "}}"}) {
    const auto checked = testing::check(text);
    EXPECT_THAT(checked.findings.problems, IsEmpty()) << text;
    EXPECT_EQ(checked.settings().bpm, std::nullopt) << text;
    EXPECT_EQ(checked.settings().duration, std::nullopt) << text;
    EXPECT_EQ(checked.settings().keyscale, "") << text;
    EXPECT_EQ(checked.settings().timesignature, "") << text;
    EXPECT_EQ(checked.settings().vocal_language, "unknown") << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Spellings, LeftOpen,
                         ::testing::Values("null", "\"\"", "\"N/A\"", "\"auto\""));

TEST(Languages, TakeTheFirstOfAListInEveryDialect) {
  for (const char* mark : {"", ", \"use_lora\": false", ", \"solver\": \"euler\""}) {
    const std::string text =
        std::string(R"({"caption": "x", "vocal_language": ["ja", "en"])") + mark + "}";
    EXPECT_EQ(testing::check(text).settings().vocal_language, "ja") << text;
  }
}

TEST(SimpleMode, AsksForASongByItsDescription) {
  EXPECT_EQ(
      values_of(read(R"({"description": "x", "instrumental": true, "vocal_language": "en"})")),
      json({{"sample_query", "x"}, {"instrumental", true}, {"vocal_language", "en"}}));
}

TEST(SimpleMode, AsksForAnySongWithoutADescription) {
  EXPECT_EQ(values_of(read(R"({"description": ""})")), json({{"sample_mode", true}}));
}

TEST(SimpleMode, RefusesASecondQuery) {
  EXPECT_THAT(read(R"({"description": "x", "sample_query": "y"})").findings.problems,
              ElementsAre("a.json: 'description' says what 'sample_query' says too; give one of "
                          "them"));
}

// --- files of other programs, as they are published

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& item : fs::directory_iterator(ACESTEP_TEST_DATA "/examples/" + folder)) {
    files.push_back(item.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string stem_of(const ::testing::TestParamInfo<std::string>& file) {
  std::string stem = fs::path(file.param).stem().string();
  std::replace(stem.begin(), stem.end(), '-', '_');
  return stem;
}

FileLayer layer_of(const std::string& file, Findings& findings) {
  return read_layer(read_request(read_document(file), file), findings);
}

class PublishedRequest : public ::testing::TestWithParam<std::string> {};

TEST_P(PublishedRequest, IsReadWithoutUnknownKeysOrProblems) {
  Findings findings;
  const FileLayer file = layer_of(GetParam(), findings);
  EXPECT_THAT(file.unknown_keys, IsEmpty());
  EXPECT_THAT(findings.problems, IsEmpty());
  EXPECT_FALSE(file.layer.empty());
}

INSTANTIATE_TEST_SUITE_P(AcestepCpp, PublishedRequest, ::testing::ValuesIn(files_in("acestep.cpp")),
                         stem_of);
INSTANTIATE_TEST_SUITE_P(SimpleMode, PublishedRequest, ::testing::ValuesIn(files_in("simple_mode")),
                         stem_of);

}  // namespace
}  // namespace acestep::request
