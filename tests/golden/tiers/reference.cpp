#include "golden/tiers/reference.h"

#include "plan/size_text.h"
#include "util/error.h"

namespace acestep::golden {

void for_each_call(const Case& the_case, Check& check,
                   const std::function<void(const Call&)>& compare) {
  for (const auto& entry : the_case.data.at("cases")) {
    compare({entry.at("id"), entry.at("in"), entry.at("out")});
    check.count();
  }
}

plan::Device device_of(const std::string& kind, double gib, const std::string& compute) {
  plan::Device device = {.kind = plan::DeviceKind::kCuda,
                         .total_bytes = plan::to_bytes(gib),
                         .free_bytes = plan::to_bytes(gib),
                         .tier_gib = gib};
  if (kind == "cpu") {
    device.kind = plan::DeviceKind::kCpu;
    return device;
  }
  std::string capability = compute;
  if (compute.empty()) capability = kind == "legacy" ? "6.1" : "8.6";
  device.compute = plan::parse_capability((kind == "rocm" ? "rocm:" : "") + capability);
  if (kind == "rocm") device.kind = plan::DeviceKind::kRocm;
  return device;
}

bool is_foreign(const std::string& kind) { return kind == "mps" || kind == "xpu"; }

plan::Plan plan_of(const plan::Device& device, const plan::Wishes& wishes,
                   const plan::SongFacts& song) {
  return plan::make_plan(device, wishes, song, {});
}

plan::Plan plan_of(const plan::Device& device, const plan::Wishes& wishes,
                   const std::vector<std::string>& lms_on_disk) {
  return plan::make_plan(device, wishes, {}, {.lms_on_disk = lms_on_disk});
}

bool is_decided_by_guide(double gib) { return gib == 8.0 || gib == 12.0 || gib == 24.0; }

std::string guide_tier(const std::string& reference_tier, double gib) {
  if (gib == 8.0) return "tier4";
  if (gib == 12.0) return "tier5";
  if (gib == 24.0) return "unlimited";
  return reference_tier;
}

bool is_pt_tier(const std::string& tier) {
  return tier == "tier1" || tier == "tier2" || tier == "tier3";
}

bool is_refused(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code() == ErrorCode::kUsage;
  }
  return false;
}

std::string text_or(const nlohmann::json& value, const std::string& fallback) {
  return value.is_string() ? value.get<std::string>() : fallback;
}

}  // namespace acestep::golden
