#include "adapters/peft_config.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "unit/util/temp_folder.h"

namespace acestep::adapters {
namespace {

using ::acestep::testing::message_of;
using nlohmann::json;
using ::testing::HasSubstr;

PeftConfig read(const json& config) {
  return parse_peft_config(config.dump(), "adapter_config.json");
}

std::string refusal(const json& changes) {
  json config = {{"peft_type", "LORA"}};
  config.update(changes);
  return message_of(ErrorCode::kInput, [&] { read(config); });
}

TEST(PeftConfig, HasPeftsDefaults) {
  const PeftConfig config = read({{"peft_type", "LORA"}});
  EXPECT_EQ(config.method, Method::kLora);
  EXPECT_EQ(config.rank_of("any"), 8);
  EXPECT_EQ(config.factor_of("any"), 1.0);
}

TEST(PeftConfig, DividesAlphaByTheRank) {
  EXPECT_EQ(read({{"peft_type", "LORA"}, {"r", 4}, {"lora_alpha", 16}}).factor_of("any"), 4.0);
  EXPECT_EQ(read({{"peft_type", "LOKR"}, {"r", 4}, {"alpha", 2}}).factor_of("any"), 0.5);
}

TEST(PeftConfig, DividesByTheRootForRankStabilisedLora) {
  const json config = {{"peft_type", "LORA"}, {"r", 16}, {"lora_alpha", 2}, {"use_rslora", true}};
  EXPECT_EQ(read(config).factor_of("any"), 0.5);
}

TEST(PeftConfig, TakesPatternsAtTheEndOfNames) {
  const PeftConfig config = read({{"peft_type", "LORA"},
                                  {"r", 4},
                                  {"lora_alpha", 4},
                                  {"rank_pattern", {{"q_proj", 2}, {"cross_attn.q_proj", 1}}},
                                  {"alpha_pattern", {{"layers.0.self_attn.q_proj", 6}}}});
  EXPECT_EQ(config.rank_of("layers.0.self_attn.q_proj"), 2);
  EXPECT_EQ(config.rank_of("layers.0.cross_attn.q_proj"), 1);
  EXPECT_EQ(config.rank_of("layers.0.self_attn.seq_proj"), 4);
  EXPECT_EQ(config.factor_of("layers.0.self_attn.q_proj"), 3.0);
  EXPECT_EQ(config.factor_of("layers.10.self_attn.q_proj"), 2.0);
}

TEST(PeftConfig, RefusesOtherMethods) {
  EXPECT_THAT(refusal({{"peft_type", "LOHA"}}),
              HasSubstr("adapter_config.json: peft_type is 'LOHA', expected LORA"));
  EXPECT_THAT(message_of(ErrorCode::kInput, [] { read(json::object()); }),
              HasSubstr("peft_type is 'null'"));
}

TEST(PeftConfig, RefusesWhatIsNoObject) {
  EXPECT_THAT(message_of(ErrorCode::kInput, [] { read(json::array()); }),
              HasSubstr("is no JSON object"));
  EXPECT_THAT(message_of(ErrorCode::kInput, [] { parse_peft_config("{", "a.json"); }),
              HasSubstr("a.json"));
}

struct Refused {
  std::string name;
  json changes;
  std::string told;
};

class RefusedSetting : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedSetting, IsNamed) {
  EXPECT_THAT(refusal(GetParam().changes), HasSubstr(GetParam().told));
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedSetting,
    ::testing::Values(
        Refused{"rank", {{"r", 0}}, "r is '0', expected a whole number 1 … 65536"},
        Refused{"real_rank", {{"r", 1.5}}, "r is '1.5'"},
        Refused{"alpha", {{"lora_alpha", "16"}}, "lora_alpha is '16', expected a number"},
        Refused{"huge_alpha", {{"lora_alpha", 1e300}}, "lora_alpha is '1e+300'"},
        Refused{"root", {{"use_rslora", 1}}, "use_rslora is '1', expected true or false"},
        Refused{"bias", {{"bias", "lora_only"}}, "bias is 'lora_only', expected none"},
        Refused{"modules", {{"modules_to_save", {"proj_out"}}}, "modules_to_save is"},
        Refused{"lora_bias", {{"lora_bias", true}}, "lora_bias is 'true'"},
        Refused{"transposed", {{"fan_in_fan_out", true}}, "fan_in_fan_out is 'true'"},
        Refused{"pattern", {{"rank_pattern", {{"q_proj", -1}}}}, "rank_pattern is '-1'"},
        Refused{"no_pattern", {{"alpha_pattern", 3}}, "alpha_pattern is '3', expected an object"},
        Refused{"regular_expression",
                {{"alpha_pattern", {{"layers.[0-9]+.q_proj", 3}}}},
                "regular expressions are not read"}),
    [](const auto& test) { return test.param.name; });

TEST(PeftConfig, TakesSettingsThatSayNothing) {
  const PeftConfig config = read({{"peft_type", "LORA"},
                                  {"bias", "none"},
                                  {"modules_to_save", nullptr},
                                  {"layer_replication", json::array()},
                                  {"target_modules", {"q_proj"}},
                                  {"lora_dropout", 0.1}});
  EXPECT_EQ(config.rank, 8);
}

}  // namespace
}  // namespace acestep::adapters
