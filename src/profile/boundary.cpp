#include "profile/boundary.h"

#include <algorithm>
#include <utility>

#include "plan/size_text.h"

namespace acestep::profile {
namespace {

using nlohmann::json;

constexpr size_t kCapabilityWidth = 38;
constexpr size_t kTierWidth = 12;
constexpr size_t kRuleWidth = 60;

template <typename Shows>
Boundary find(std::string capability, const std::vector<TierRecord>& records, Shows shows) {
  Boundary boundary{.capability = std::move(capability)};
  for (const TierRecord& record : records) {
    if (!shows(record.run)) continue;
    auto& kept = record.passes() ? boundary.smallest : boundary.last_failure;
    const bool is_better = !kept || (record.passes() ? record.run.size_gb < kept->run.size_gb
                                                     : record.run.size_gb > kept->run.size_gb);
    if (is_better) kept = record;
  }
  return boundary;
}

std::string gigabytes(const TierRecord& record) {
  return plan::bound_text(record.run.size_gb) + "GB";
}

std::string row(const std::string& capability, const std::string& tier, const std::string& vram) {
  std::string line = capability;
  line.resize(std::max(kCapabilityWidth, line.size()), ' ');
  line += tier;
  line.resize(std::max(kCapabilityWidth + kTierWidth, line.size()), ' ');
  return line + vram + "\n";
}

std::string row_of(const Boundary& boundary) {
  const auto& smallest = boundary.smallest;
  return row(boundary.capability, smallest ? smallest->run.tier : "N/A",
             smallest ? gigabytes(*smallest) : "N/A");
}

// Peak and last failure of a capability that some size has.
std::string details_of(const Boundary& boundary) {
  if (!boundary.smallest) return "";
  std::string line = boundary.capability + ":";
  const auto& peak = boundary.smallest->outcome.peak_gb;
  line += " peak " + (peak ? memory_text(*peak) : "unknown");
  if (const auto& failure = boundary.last_failure) {
    line += "; last failure " + failure->run.tier + " " + gigabytes(*failure) + ": " +
            failure->outcome.error;
  }
  return line + "\n";
}

json json_of(const Boundary& boundary) {
  const auto& smallest = boundary.smallest;
  const auto& failure = boundary.last_failure;
  const json last = failure ? number_json(failure->run.size_gb) : json(nullptr);
  if (!smallest) {
    return {{"tier", nullptr},
            {"tier_gb", nullptr},
            {"peak_vram_gb", nullptr},
            {"last_failure_gb", last}};
  }
  const auto& peak = smallest->outcome.peak_gb;
  return {{"tier", smallest->run.tier},
          {"tier_gb", number_json(smallest->run.size_gb)},
          {"peak_vram_gb", peak ? json(*peak) : json(nullptr)},
          {"last_failure_gb", last}};
}

}  // namespace

const char kBoundaryNote[] =
    "Note: measured with this diffusion model, language model, duration and attention kernel; "
    "other "
    "choices\nmove the boundaries.\n";

Boundaries find_boundaries(const std::vector<TierRecord>& records) {
  return {.no_quantization = find("No INT8 Quantization", records,
                                  [](const TierRun& run) {
                                    const bool counts =
                                        run.is_default() || run.variant == "no-quant";
                                    return counts && run.quantization == "none";
                                  }),
          .no_offload = find("No CPU Offload (all models on GPU)", records, [](const TierRun& run) {
            const bool counts = run.is_default() || run.variant == "no-offload";
            return counts && !run.offload_to_cpu;
          })};
}

std::string boundary_text(const Boundaries& boundaries) {
  const std::string title = "BOUNDARY ANALYSIS";
  const std::string rule = std::string(kRuleWidth, '-') + "\n";
  return title + "\n" + std::string(title.size(), '=') + "\n" +
         row("Capability", "Min Tier", "VRAM") + rule + row_of(boundaries.no_quantization) +
         row_of(boundaries.no_offload) + rule + details_of(boundaries.no_quantization) +
         details_of(boundaries.no_offload) + kBoundaryNote;
}

json boundary_json(const Boundaries& boundaries) {
  return {{"no_quantization", json_of(boundaries.no_quantization)},
          {"no_offload", json_of(boundaries.no_offload)}};
}

}  // namespace acestep::profile
