#include "plan/tier.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "plan/language_model.h"
#include "plan/tier_text.h"
#include "planning.h"

namespace acestep::plan {
namespace {

using enum LmSize;

// One row of the guide, typed from it.
struct Promise {
  std::string name;
  XlSupport xl;
  std::vector<LmSize> lms;
  std::optional<LmSize> recommended;
  std::string backend;
  int minutes_with_lm, minutes_without_lm;
  int songs_with_lm, songs_without_lm;
  Offload offload;
  bool quantizes;
};

// Every cell of the row, for each of these sizes.
void expect_promise(const Promise& promise, const std::vector<double>& sizes) {
  for (const double gib : sizes) {
    SCOPED_TRACE(gib);
    const Tier& tier = tier_for(gib);
    EXPECT_EQ(tier.name, promise.name);
    EXPECT_EQ(tier.xl, promise.xl);
    EXPECT_EQ(tier.lm_sizes, promise.lms);
    EXPECT_EQ(tier.recommended_lm, promise.recommended);
    EXPECT_EQ(tier.lm_backend, promise.backend);
    EXPECT_EQ(tier.with_lm.seconds, promise.minutes_with_lm * 60);
    EXPECT_EQ(tier.without_lm.seconds, promise.minutes_without_lm * 60);
    EXPECT_EQ(tier.with_lm.songs, promise.songs_with_lm);
    EXPECT_EQ(tier.without_lm.songs, promise.songs_without_lm);
    EXPECT_EQ(tier.offload, promise.offload);
    EXPECT_EQ(tier.quantizes, promise.quantizes);
  }
}

TEST(Checklist, Row09_Tier1) {
  expect_promise({"tier1", XlSupport::kNo, {}, {}, "pt", 4, 6, 1, 1, Offload::kCpuAndDit, true},
                 {0.5, 2, 3.94, 4});
}

TEST(Checklist, Row10_Tier2) {
  expect_promise({"tier2", XlSupport::kNo, {}, {}, "pt", 8, 10, 1, 1, Offload::kCpuAndDit, true},
                 {4.01, 5.8, 6});
}

TEST(Checklist, Row11_Tier3) {
  expect_promise(
      {"tier3", XlSupport::kNo, {k0_6B}, k0_6B, "pt", 8, 10, 2, 2, Offload::kCpuAndDit, true},
      {6.01, 7.6, 7.99});
}

TEST(Checklist, Row12_Tier4) {
  expect_promise(
      {"tier4", XlSupport::kNo, {k0_6B}, k0_6B, "vllm", 8, 10, 2, 4, Offload::kCpuAndDit, true},
      {8, 8.01, 11.76});
}

TEST(Checklist, Row13_Tier5) {
  expect_promise({"tier5",
                  XlSupport::kMarginal,
                  {k0_6B, k1_7B},
                  k1_7B,
                  "vllm",
                  8,
                  10,
                  4,
                  4,
                  Offload::kCpu,
                  true},
                 {12, 12.01, 15.49});
}

TEST(Checklist, Row14_Tier6a) {
  expect_promise({"tier6a",
                  XlSupport::kOffload,
                  {k0_6B, k1_7B},
                  k1_7B,
                  "vllm",
                  8,
                  10,
                  4,
                  8,
                  Offload::kCpu,
                  true},
                 {15.5, 16, 19.99});
}

TEST(Checklist, Row15_Tier6b) {
  expect_promise({"tier6b",
                  XlSupport::kFull,
                  {k0_6B, k1_7B, k4B},
                  k1_7B,
                  "vllm",
                  8,
                  8,
                  8,
                  8,
                  Offload::kNone,
                  false},
                 {20, 23.99});
}

TEST(Checklist, Row16_Unlimited) {
  expect_promise({"unlimited",
                  XlSupport::kFull,
                  {k0_6B, k1_7B, k4B},
                  k4B,
                  "vllm",
                  10,
                  10,
                  8,
                  8,
                  Offload::kNone,
                  false},
                 {24, 24.01, 80});
}

TEST(Checklist, Row18_EveryEdgeBelongsToOneTier) {
  const std::vector<std::pair<double, std::string>> edges = {
      {4, "tier1"},   {6, "tier2"},   {8, "tier4"},     {12, "tier5"},
      {16, "tier6a"}, {20, "tier6b"}, {24, "unlimited"}};
  for (const auto& [gib, name] : edges) EXPECT_EQ(tier_for(gib).name, name) << gib;
}

TEST(Checklist, Row19_SixteenGigabyteCardsThatReportLess) {
  EXPECT_EQ(tier_for(15.5).name, "tier6a");
  EXPECT_EQ(tier_for(15.49).name, "tier5");
}

TEST(Checklist, Row21_XlSupportOfEveryTier) {
  std::vector<std::string> names;
  for (const Tier& tier : all_tiers()) names.emplace_back(xl_support_name(tier.xl));
  EXPECT_EQ(names, (std::vector<std::string>{"no", "no", "no", "no", "marginal", "offload", "full",
                                             "full"}));
}

TEST(Checklist, Row56_TheDocumentHoldsTheTable) {
  std::ifstream in(ACESTEP_SOURCE_DIR "/docs/TIERS.md");
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_NE(text.str().find(tier_markdown()), std::string::npos)
      << "docs/TIERS.md must hold this table:\n"
      << tier_markdown();
}

TEST(NominalGib, RealCardsReportALittleLess) {
  EXPECT_EQ(nominal_gib(7.6), 8);
  EXPECT_EQ(nominal_gib(11.7), 12);
  EXPECT_EQ(nominal_gib(15.6), 16);
  EXPECT_EQ(nominal_gib(23.6), 24);
  EXPECT_EQ(nominal_gib(10.9), 11);
}

TEST(NominalGib, UnusualSizesStay) {
  EXPECT_EQ(nominal_gib(14.75), 14.75);
  EXPECT_EQ(nominal_gib(8), 8);
  EXPECT_EQ(nominal_gib(0.4), 0.4);
  EXPECT_EQ(nominal_gib(139.8), 139.8);
}

TEST(FindTier, Tier6IsTier6b) {
  EXPECT_EQ(find_tier("tier6")->name, "tier6b");
  EXPECT_EQ(find_tier("Tier4"), nullptr);
}

}  // namespace
}  // namespace acestep::plan
