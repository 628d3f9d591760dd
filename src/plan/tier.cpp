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

// A size that ends one row and begins the next belongs to the larger tier from 8 GB on. 15.5: cards
// of 16 GB report a little less.
std::vector<Tier> build_table() {
  using enum LmSize;
  using enum XlSupport;
  using enum Offload;
  // clang-format off
  //  name         range       up to   incl.  XL         LM sizes              recommended backend {seconds, songs} with and without LM  offload  INT8
  return {
    {"tier1",     "<=4 GB",   4,         true,  kNo,       {},                   {},    "pt",   {240, 1}, {360, 1}, kCpuAndDit, true},
    {"tier2",     "4-6 GB",   6,         true,  kNo,       {},                   {},    "pt",   {480, 1}, {600, 1}, kCpuAndDit, true},
    {"tier3",     "6-8 GB",   8,         false, kNo,       {k0_6B},              k0_6B, "pt",   {480, 2}, {600, 2}, kCpuAndDit, true},
    {"tier4",     "8-12 GB",  12,        false, kNo,       {k0_6B},              k0_6B, "vllm", {480, 2}, {600, 4}, kCpuAndDit, true},
    {"tier5",     "12-16 GB", 15.5,      false, kMarginal, {k0_6B, k1_7B},       k1_7B, "vllm", {480, 4}, {600, 4}, kCpu,       true},
    {"tier6a",    "16-20 GB", 20,        false, kOffload,  {k0_6B, k1_7B},       k1_7B, "vllm", {480, 4}, {600, 8}, kCpu,       true},
    {"tier6b",    "20-24 GB", 24,        false, kFull,     {k0_6B, k1_7B, k4B},  k1_7B, "vllm", {480, 8}, {480, 8}, kNone,      false},
    {"unlimited", ">=24 GB",  kNoUpper,  true,  kFull,     {k0_6B, k1_7B, k4B},  k4B,   "vllm", {600, 8}, {600, 8}, kNone,      false},
  };
  // clang-format on
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
