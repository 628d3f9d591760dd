#include "request/request_text.h"

#include <gmock/gmock.h>

#include "request/document.h"
#include "request/request_fields.h"

namespace acestep::request {
namespace {

using ::testing::IsEmpty;

Layer layer_of(const std::string& text, const std::string& name) {
  Findings findings;
  FileLayer file = read_layer(read_request(text, name), findings);
  EXPECT_THAT(findings.problems, IsEmpty()) << text;
  EXPECT_THAT(file.unknown_keys, IsEmpty()) << text;
  return file.layer;
}

Layer with(const std::string& field, Value value) { return {{field, {std::move(value), "cli"}}}; }

// Values alone: the sources differ.
std::map<std::string, Value> values_of(const Layer& layer) {
  std::map<std::string, Value> values;
  for (const auto& [name, given] : layer) values[name] = given.value;
  return values;
}

class RoundTrip : public ::testing::TestWithParam<Layer> {};

TEST_P(RoundTrip, GivesTheSameValuesThroughJson) {
  EXPECT_EQ(values_of(layer_of(to_json_text(GetParam()), "a.json")), values_of(GetParam()));
}

TEST_P(RoundTrip, GivesTheSameValuesThroughToml) {
  EXPECT_EQ(values_of(layer_of(to_toml_text(GetParam()), "a.toml")), values_of(GetParam()));
}

TEST_P(RoundTrip, GivesTheSameJsonThroughToml) {
  const std::string json = to_json_text(GetParam());
  const Layer layer = layer_of(to_toml_text(layer_of(json, "a.json")), "a.toml");
  EXPECT_EQ(to_json_text(layer), json);
}

std::string long_lyrics() {
  std::string lyrics = "[Verse]\n";
  while (lyrics.size() < 20000) lyrics += "línea 'una' \"dos\" \\ 三 \t♭ # = [x]\r\n\n";
  return lyrics;
}

INSTANTIATE_TEST_SUITE_P(
    Values, RoundTrip,
    ::testing::Values(with("lyrics", std::string("a\nb\n")),
                      with("lyrics", std::string("\"quotes\" 'single' \"\"\" ''' \\n \\")),
                      with("lyrics", std::string("\x01\x02\x08\x0c\x1f\x7f \xc2\x85 \xe2\x80\xa8")),
                      with("lyrics", std::string("é 漢字 👩‍🎤 ♭ \xef\xbb\xbf")),
                      with("lyrics", long_lyrics()), with("lyrics", std::string("")),
                      with("caption", std::string(" # not a comment ")), with("bpm", int64_t{90}),
                      with("bpm", Unset{}), with("seed", int64_t{-1}),
                      with("seeds", std::vector<int64_t>{0, 4294967295}),
                      with("timesteps", std::vector<double>{0.97, 0.615, 1.0 / 3.0, 1e-7, 1.0}),
                      with("duration", 124.0), with("shift", 0.1), with("shift", 1e22),
                      with("lm_temperature", 0.85), with("thinking", false)));

TEST(RequestText, KeepsTheOrderOfTheTable) {
  const Layer layer = {{"thinking", {true, "cli"}}, {"caption", {std::string("x"), "cli"}}};
  EXPECT_EQ(to_toml_text(layer), "caption = \"x\"\nthinking = true\n");
  EXPECT_EQ(to_json_text(layer), "{\n  \"caption\": \"x\",\n  \"thinking\": true\n}\n");
}

TEST(RequestText, WritesTextOnOneLine) {
  EXPECT_EQ(to_toml_value(std::string("a\n\"é\"\t")), "\"a\\n\\\"é\\\"\\t\"");
}

}  // namespace
}  // namespace acestep::request
