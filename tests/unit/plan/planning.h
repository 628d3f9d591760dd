// Plans for cards that the tests make up. Tests named RowNN prove the promise of that number in
// docs/TIERS.md.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "plan/plan.h"
#include "plan/size_text.h"
#include "util/error.h"

namespace acestep::plan {

inline constexpr double kRamGib = 64;

inline Machine machine_with(std::vector<Card> cards = {}) {
  return {.cards = std::move(cards),
          .why_no_card = "no driver",
          .processor = "a processor",
          .ram_bytes = to_bytes(kRamGib),
          .free_ram_bytes = to_bytes(kRamGib / 2)};
}

inline Card card_of(double gib, Capability compute = {8, 6}) {
  return {"a card", compute, to_bytes(gib), to_bytes(gib)};
}

// MAX_CUDA_VRAM on a machine without a card.
inline Device simulated(double gib, std::optional<Capability> compute = std::nullopt) {
  return choose_device("auto", machine_with(), {.max_gib = gib, .compute = compute});
}

inline Plan plan_at(double gib, const Wishes& wishes = {}, const SongFacts& song = {},
                    const Surroundings& surroundings = {}) {
  return make_plan(simulated(gib), wishes, song, surroundings);
}

// The one adjustment of `field`; fails the test when there is none or more.
inline request::Adjustment adjustment_of(const Plan& plan, const std::string& field) {
  request::Adjustment found;
  int count = 0;
  for (const auto& adjustment : plan.findings.adjustments) {
    if (adjustment.field != field) continue;
    found = adjustment;
    ++count;
  }
  EXPECT_EQ(count, 1) << "adjustments of " << field;
  return found;
}

template <typename Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.message();
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

}  // namespace acestep::plan
