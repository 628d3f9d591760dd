// The tier table for people and scripts; docs/TIERS.md holds the same.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "plan/tier.h"

namespace acestep::plan {

// "no", "marginal", "offload", "full"
std::string_view xl_support_name(XlSupport support);
// "none", "cpu", "cpu+dit"
std::string_view offload_name(Offload offload);
// "none", "int8_weight_only"
std::string_view quantization_name(const Tier& tier);

// Why a size belongs to its tier: "8.0 GB < 12".
std::string membership_reason(const Tier& tier, double gib);

// One row; names as in the object "tier" of `acestep gpu --json`.
nlohmann::json tier_json(const Tier& tier);

// Rows of cells, the heading first.
std::vector<std::vector<std::string>> tier_cells();

// tier_cells() as a table of Markdown.
std::string tier_markdown();

}  // namespace acestep::plan
