#include <iostream>

#include "cli/commands.h"
#include "cli/given_settings.h"
#include "cli/models_place.h"
#include "plan/tier_text.h"
#include "request/nearest.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

std::vector<std::string> tier_names() {
  std::vector<std::string> names;
  for (const plan::Tier& tier : plan::all_tiers()) names.emplace_back(tier.name);
  return names;
}

// Empty: all of them. Throws Error kUsage for a name that is none.
const plan::Tier* asked_tier(const std::string& name) {
  if (name.empty()) return nullptr;
  const plan::Tier* tier = plan::find_tier(name);
  if (tier != nullptr) return tier;
  throw Error(ErrorCode::kUsage, "tiers: " + request::in_quotes(name) + " is no tier: " +
                                     request::allowed_choices(name, tier_names()));
}

int run(const CommandCall& call) {
  const bool wants_json = gather_fields(call).settings.json;
  const plan::Tier* asked = asked_tier(call.argument(0));
  json list = json::array();
  std::vector<std::vector<std::string>> rows = plan::tier_cells();
  for (const plan::Tier& tier : plan::all_tiers()) {
    if (asked == nullptr || asked == &tier) list.push_back(plan::tier_json(tier));
  }
  if (asked != nullptr) {
    const std::string heading = rows.front().front();
    std::erase_if(rows, [&](const auto& row) {
      return row.front() != heading && row.front() != asked->name;
    });
  }
  if (wants_json) {
    std::cout << json{{"tiers", list}}.dump(2) << '\n';
  } else {
    std::cout << columns(rows);
  }
  return 0;
}

}  // namespace

Command tiers_command() {
  return {.name = "tiers",
          .summary = "what a graphics card of each size can do",
          .details =
              "The table that every automatic setting is read from: docs/TIERS.md explains its "
              "columns. `acestep gpu`\ntells which row counts here.",
          .arguments = {{.name = "TIER", .help = "this row alone", .is_required = false}},
          .fields = {"json"},
          .examples = {{"acestep tiers", "the whole table"},
                       {"acestep tiers tier4 --json", "one row, for scripts"}},
          .run = run};
}

}  // namespace acestep::cli
