#include <gmock/gmock.h>

#include "plan/plan_json.h"
#include "planning.h"

namespace acestep::plan {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

TEST(PlanText, OneLinePerDecision) {
  const std::string text = plan_text(plan_at(8));
  EXPECT_THAT(text, HasSubstr("tier=tier4: 8.0 GB < 12\n"));
  EXPECT_THAT(text, HasSubstr("offload_to_cpu=on: 8.0 GB < 20 GB\n"));
  EXPECT_THAT(text, HasSubstr("quantization=int8_weight_only: "));
  EXPECT_THAT(text, HasSubstr("capped at 7.5 GB"));
}

TEST(PlanJson, EverySettingHasValueReasonAndSource) {
  const json settings = plan_json(plan_at(8)).at("settings");
  EXPECT_GE(settings.size(), 15u);
  for (const auto& [name, setting] : settings.items()) {
    EXPECT_TRUE(setting.contains("value")) << name;
    EXPECT_FALSE(setting.at("reason").get<std::string>().empty()) << name;
    EXPECT_THAT(setting.at("source").get<std::string>(),
                ::testing::AnyOf("default", "user", "forced", "simulated"))
        << name;
  }
  EXPECT_EQ(settings.at("offload_to_cpu").at("source"), "simulated");
}

TEST(PlanJson, TheTierAsItIsInForce) {
  const json tier =
      plan_json(make_plan(simulated(48, parse_capability("6.1")), {}, {}, {})).at("tier");
  EXPECT_EQ(tier.at("name"), "unlimited");
  EXPECT_EQ(tier.at("lm_backend"), "pt");
  EXPECT_EQ(tier.at("xl_support"), "full");
  EXPECT_EQ(tier.at("quantization"), "none");
  EXPECT_EQ(tier.at("recommended_lm_model"), "acestep-5Hz-lm-4B");
  EXPECT_THAT(tier.at("reason"), "48.0 GB >= 24");
}

TEST(PlanJson, TheDevice) {
  const json device = plan_json(plan_at(8)).at("device");
  EXPECT_EQ(device.at("kind"), "sim");
  EXPECT_EQ(device.at("simulated_gb"), 8.0);
  EXPECT_EQ(device.at("cap_gb"), 7.5);
  EXPECT_TRUE(device.at("compute").is_null());
}

TEST(PlanJson, TheSamePlanForTheSameQuestion) {
  EXPECT_EQ(plan_json(plan_at(12)), plan_json(plan_at(12)));
}

}  // namespace
}  // namespace acestep::plan
