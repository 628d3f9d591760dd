// The reference's words for devices and tiers in ours, and where the guide decides otherwise.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "golden/case.h"
#include "plan/plan.h"

namespace acestep::golden {

// One call of a table.
struct Call {
  std::string id;
  const nlohmann::json& in;
  const nlohmann::json& out;
};
// Calls `compare` for every case of the table and counts it.
void for_each_call(const Case& the_case, Check& check,
                   const std::function<void(const Call&)>& compare);

// A device of exactly `gib`. kind: cuda, legacy, rocm, cpu; compute: "8.6".
plan::Device device_of(const std::string& kind, double gib, const std::string& compute = "");

// Kinds of devices that this program does not know.
bool is_foreign(const std::string& kind);

plan::Plan plan_of(const plan::Device& device, const plan::Wishes& wishes = {},
                   const plan::SongFacts& song = {});
// The same with language models on disk.
plan::Plan plan_of(const plan::Device& device, const plan::Wishes& wishes,
                   const std::vector<std::string>& lms_on_disk);

// 8.0, 12.0 and 24.0 begin a tier by the guide and end one in the reference.
bool is_decided_by_guide(double gib);
// The tier's name by the guide for a size to which the reference gives `reference_tier`.
std::string guide_tier(const std::string& reference_tier, double gib);
// pt alone by the guide; the reference allows all.
bool is_pt_tier(const std::string& tier);

// True if the call throws Error kUsage.
bool is_refused(const std::function<void()>& call);

std::string text_or(const nlohmann::json& value, const std::string& fallback = "");

}  // namespace acestep::golden
