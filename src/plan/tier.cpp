#include "plan/tier.h"

#include <algorithm>
#include <limits>

#include "util/error.h"

namespace acestep::plan {
namespace {

constexpr double kNoUpper = std::numeric_limits<double>::infinity();

// The sizes on the boxes of cards.
constexpr std::array<double, 13> kUsualGib = {4, 6, 8, 10, 11, 12, 16, 20, 24, 32, 40, 48, 80};
// A driver keeps this much at most of a usual size: 11.7 of 12, 15.6 of 16.
constexpr double kKeptByDriver = 0.055;

std::vector<Tier> build_table() {
  using enum LmSize;
  return {
      {.name = "tier1",
       .range = "<=4 GB",
       .upper_gib = 4,
       .has_upper = true,
       .xl = XlSupport::kNo,
       .lm_backend = "pt",
       .with_lm = {240, 1},
       .without_lm = {360, 1},
       .offload = Offload::kCpuAndDit,
       .quantizes = true},
      {.name = "tier2",
       .range = "4-6 GB",
       .upper_gib = 6,
       .has_upper = true,
       .xl = XlSupport::kNo,
       .lm_backend = "pt",
       .with_lm = {480, 1},
       .without_lm = {600, 1},
       .offload = Offload::kCpuAndDit,
       .quantizes = true},
      {.name = "tier3",
       .range = "6-8 GB",
       .upper_gib = 8,
       .xl = XlSupport::kNo,
       .lm_sizes = {k0_6B},
       .recommended_lm = k0_6B,
       .lm_backend = "pt",
       .with_lm = {480, 2},
       .without_lm = {600, 2},
       .offload = Offload::kCpuAndDit,
       .quantizes = true},
      {.name = "tier4",
       .range = "8-12 GB",
       .upper_gib = 12,
       .xl = XlSupport::kNo,
       .lm_sizes = {k0_6B},
       .recommended_lm = k0_6B,
       .lm_backend = "vllm",
       .with_lm = {480, 2},
       .without_lm = {600, 4},
       .offload = Offload::kCpuAndDit,
       .quantizes = true},
      // 15.5: cards of 16 GB report a little less.
      {.name = "tier5",
       .range = "12-16 GB",
       .upper_gib = 15.5,
       .xl = XlSupport::kMarginal,
       .lm_sizes = {k0_6B, k1_7B},
       .recommended_lm = k1_7B,
       .lm_backend = "vllm",
       .with_lm = {480, 4},
       .without_lm = {600, 4},
       .offload = Offload::kCpu,
       .quantizes = true},
      {.name = "tier6a",
       .range = "16-20 GB",
       .upper_gib = 20,
       .xl = XlSupport::kOffload,
       .lm_sizes = {k0_6B, k1_7B},
       .recommended_lm = k1_7B,
       .lm_backend = "vllm",
       .with_lm = {480, 4},
       .without_lm = {600, 8},
       .offload = Offload::kCpu,
       .quantizes = true},
      {.name = "tier6b",
       .range = "20-24 GB",
       .upper_gib = 24,
       .xl = XlSupport::kFull,
       .lm_sizes = {k0_6B, k1_7B, k4B},
       .recommended_lm = k1_7B,
       .lm_backend = "vllm",
       .with_lm = {480, 8},
       .without_lm = {480, 8},
       .offload = Offload::kNone,
       .quantizes = false},
      {.name = "unlimited",
       .range = ">=24 GB",
       .upper_gib = kNoUpper,
       .has_upper = true,
       .xl = XlSupport::kFull,
       .lm_sizes = {k0_6B, k1_7B, k4B},
       .recommended_lm = k4B,
       .lm_backend = "vllm",
       .with_lm = {600, 8},
       .without_lm = {600, 8},
       .offload = Offload::kNone,
       .quantizes = false},
  };
}

const std::vector<Tier>& table() {
  static const std::vector<Tier> tiers = build_table();
  return tiers;
}

// Where the first tier begins for which `holds`.
template <typename Holds>
double lower_gib_of_first(Holds holds) {
  double lower = 0;
  for (const Tier& tier : table()) {
    if (holds(tier)) return lower;
    lower = tier.upper_gib;
  }
  fail_check("a tier for which this holds", __FILE__, __LINE__);
}

}  // namespace

bool Tier::allows(LmSize size) const {
  return std::find(lm_sizes.begin(), lm_sizes.end(), size) != lm_sizes.end();
}

std::span<const Tier> all_tiers() { return table(); }

const Tier& tier_for(double gib) {
  for (const Tier& tier : table()) {
    if (gib < tier.upper_gib || (tier.has_upper && gib == tier.upper_gib)) return tier;
  }
  fail_check("gib is a number", __FILE__, __LINE__);
}

const Tier* find_tier(std::string_view name) {
  if (name == "tier6") name = "tier6b";
  for (const Tier& tier : table()) {
    if (tier.name == name) return &tier;
  }
  return nullptr;
}

double nominal_gib(double reported_gib) {
  for (const double usual : kUsualGib) {
    if (reported_gib <= usual && reported_gib * (1 + kKeptByDriver) >= usual) return usual;
  }
  return reported_gib;
}

double first_gib_without_offload() {
  return lower_gib_of_first([](const Tier& tier) { return !tier.offloads_to_cpu(); });
}

double first_gib_with_dit_resident() {
  return lower_gib_of_first([](const Tier& tier) { return !tier.offloads_dit(); });
}

double first_gib_without_quantization() {
  return lower_gib_of_first([](const Tier& tier) { return !tier.quantizes; });
}

}  // namespace acestep::plan
