#include "profile/memory_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "records.h"
#include "util/svg.h"

namespace acestep::profile {
namespace {

using testing::HasSubstr;
using testing::Not;

size_t count_of(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TierRecord staged(double gb, const std::string& tier) {
  TierRecord record = passed(gb, tier, 3);
  record.run.cap_gb = gb - 0.5;
  record.outcome.stages = {{"condition", 1.5, 1}, {"denoise", 3, 5}, {"decode", 2, 2}};
  return record;
}

TEST(MemoryChart, HasABarPerStage) {
  const std::string chart = memory_chart({staged(4, "tier1")});
  EXPECT_THAT(chart, HasSubstr("diffusion: 3 GB"));
  EXPECT_THAT(chart, HasSubstr("text encoder: 1.5 GB"));
  EXPECT_THAT(chart, HasSubstr("VAE decode: 2 GB"));
}

TEST(MemoryChart, LabelsItsAxes) {
  const std::string chart = memory_chart({staged(4, "tier1")});
  EXPECT_THAT(chart, HasSubstr("peak memory, GB"));
  EXPECT_THAT(chart, HasSubstr("memory of the card, GB"));
}

TEST(MemoryChart, DrawsTheCapOfEverySize) {
  const std::string chart = memory_chart({staged(4, "tier1"), staged(6, "tier2")});
  EXPECT_THAT(chart, HasSubstr("cap 3.5<"));
  EXPECT_THAT(chart, HasSubstr("cap 5.5"));
}

TEST(MemoryChart, ACapFarAboveTheBarsIsToldAtTheTop) {
  EXPECT_THAT(memory_chart({staged(48, "unlimited")}), HasSubstr("cap 47.5 ↑"));
}

TEST(MemoryChart, MarksFailedRuns) {
  EXPECT_THAT(memory_chart({staged(4, "tier1")}), Not(HasSubstr(">failed<")));
  EXPECT_THAT(memory_chart({failed(4, "tier1")}), HasSubstr(">failed<"));
}

TEST(MemoryChart, ShowsDefaultRunsAlone) {
  TierRecord variant = staged(8, "tier4");
  variant.run.variant = "no-quant";
  EXPECT_THAT(memory_chart({variant}), Not(HasSubstr(">tier4<")));
}

TEST(MemoryChart, WithoutStagesThereIsOneBar) {
  EXPECT_THAT(memory_chart({passed(8, "tier4", 2.5)}), HasSubstr("whole run: 2.5 GB"));
}

TEST(MemoryChart, IsOneSvgDocument) {
  const std::string chart = memory_chart({staged(4, "tier1")});
  EXPECT_THAT(chart, testing::StartsWith("<svg xmlns="));
  EXPECT_THAT(chart, testing::EndsWith("</svg>\n"));
  EXPECT_EQ(count_of(chart, "<text"), count_of(chart, "</text>"));
}

TEST(Svg, EscapesText) {
  util::SvgDrawing drawing(10, 10, "a<b");
  drawing.text({0, 0}, "x & \"y\"");
  EXPECT_THAT(drawing.finish(), HasSubstr("<title>a&lt;b</title>"));
  EXPECT_THAT(drawing.finish(), HasSubstr("x &amp; &quot;y&quot;"));
}

}  // namespace
}  // namespace acestep::profile
