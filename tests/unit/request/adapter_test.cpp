#include <gmock/gmock.h>

#include <limits>

#include "request/adapter_text.h"
#include "request/request_fields.h"
#include "request/request_text.h"
#include "unit/request/reading.h"

namespace acestep::request {
namespace {

using testing::check;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(AdapterText, EndsWithItsScale) {
  EXPECT_EQ(parse_adapter("singer:0.8").path, "singer");
  EXPECT_EQ(parse_adapter("singer:0.8").scale, 0.8);
  EXPECT_EQ(parse_adapter("a/b:-1").scale, -1.0);
  EXPECT_FALSE(parse_adapter("singer").scale.has_value());
}

TEST(AdapterText, TakesColonsBeforeOtherWordsAsPath) {
  EXPECT_EQ(parse_adapter("take:two").path, "take:two");
  EXPECT_EQ(parse_adapter("take:2:1").path, "take:2");
  EXPECT_EQ(parse_adapter("singer:").path, "singer:");
  EXPECT_EQ(parse_adapter(":0.5").path, "");
}

TEST(AdapterText, IsPrintedAsItIsRead) {
  EXPECT_EQ(to_text(AdapterText{"singer", 0.8}), "singer:0.8");
  EXPECT_EQ(to_text(AdapterText{"singer", 1.0}), "singer:1");
  EXPECT_EQ(to_text(AdapterText{"singer", std::nullopt}), "singer");
}

TEST(Adapters, AreAListOrOneText) {
  EXPECT_THAT(check(R"({"caption": "x", "lora": ["a:0.5", "b, c"]})").settings().lora,
              ElementsAre("a:0.5", "b, c"));
  EXPECT_THAT(check(R"({"caption": "x", "lora": "a:0.5; b"})").settings().lora,
              ElementsAre("a:0.5", "b"));
  EXPECT_THAT(check(R"({"caption": "x", "lora": "none"})").settings().lora, IsEmpty());
}

TEST(Adapters, HaveTheReferencesAndThePeersNames) {
  const auto reference = check(R"({"caption": "x", "lora_path": "a", "lora_scale": 0.5})");
  EXPECT_THAT(reference.settings().lora, ElementsAre("a"));
  EXPECT_EQ(reference.settings().lora_scale, 0.5);
  const auto peer = check(R"({"caption": "x", "adapter": "singer", "adapter_scale": 0.5})");
  EXPECT_THAT(peer.settings().lora, ElementsAre("singer:0.5"));
}

TEST(Adapters, RefuseWhatIsNoPathOrNumber) {
  EXPECT_THAT(check(R"({"caption": "x", "lora": ":0.5"})").problems(),
              HasSubstr("lora = ':0.5' (file:1.json): expected PATH or PATH:SCALE"));
  EXPECT_THAT(check(R"({"caption": "x", "lora": "a:inf"})").problems(),
              HasSubstr("the scale of 'a' is no number"));
  EXPECT_THAT(check(R"({"caption": "x", "lora": ["a", 1]})").problems(), HasSubstr("lora"));
}

TEST(Adapters, WarnOfScalesThatSeldomSoundWell) {
  const auto warned = check(R"({"caption": "x", "lora": ["a:2", "b:2.5", "c"], "lora_scale": -1})");
  EXPECT_THAT(warned.problems(), IsEmpty());
  EXPECT_THAT(warned.findings.warnings,
              ElementsAre("lora = 'b:2.5': scales outside 0 … 2 seldom sound well",
                          "lora = 'c:-1': scales outside 0 … 2 seldom sound well"));
}

TEST(Adapters, MakeAScaleUseful) {
  EXPECT_THAT(check(R"({"caption": "x", "lora_scale": 0.5})").findings.warnings,
              ElementsAre("lora_scale (file:1.json) has no effect: it needs --lora"));
}

TEST(Adapters, AreWrittenAsAList) {
  Layer layer;
  Findings findings;
  put_text(layer, *find_field("lora"), "a:0.5\nb", "cli", findings);
  EXPECT_EQ(to_toml_text(layer), "lora = [ \"a:0.5\", \"b\" ]\n");
  EXPECT_EQ(to_json_text(layer), "{\n  \"lora\": [\n    \"a:0.5\",\n    \"b\"\n  ]\n}\n");
}

}  // namespace
}  // namespace acestep::request
