#include "plan/tier_text.h"

#include <cmath>

#include "plan/language_model.h"
#include "plan/size_text.h"
#include "request/text.h"

namespace acestep::plan {
namespace {

using nlohmann::json;

// "8 / 10": minutes with and without a language model.
std::string minutes_cell(const Tier& tier) {
  return std::to_string(tier.with_lm.seconds / 60) + " / " +
         std::to_string(tier.without_lm.seconds / 60);
}

std::string songs_cell(const Tier& tier) {
  return std::to_string(tier.with_lm.songs) + " / " + std::to_string(tier.without_lm.songs);
}

std::string sizes_cell(const Tier& tier) {
  std::vector<std::string> names;
  for (const LmSize size : tier.lm_sizes) names.emplace_back(size_name(size));
  return names.empty() ? "none" : request::join(names, ", ");
}

}  // namespace

std::string_view xl_support_name(XlSupport support) {
  switch (support) {
    case XlSupport::kNo:
      return "no";
    case XlSupport::kMarginal:
      return "marginal";
    case XlSupport::kOffload:
      return "offload";
    case XlSupport::kFull:
      return "full";
  }
  return "";
}

std::string_view offload_name(Offload offload) {
  switch (offload) {
    case Offload::kNone:
      return "none";
    case Offload::kCpu:
      return "cpu";
    case Offload::kCpuAndDit:
      return "cpu+dit";
  }
  return "";
}

std::string_view quantization_name(const Tier& tier) {
  return tier.quantizes ? "int8_weight_only" : "none";
}

std::string membership_reason(const Tier& tier, double gib) {
  const bool is_last = std::isinf(tier.upper_gib);
  if (is_last) return size_text(gib) + " >= " + bound_text(all_tiers()[6].upper_gib);
  return size_text(gib) + (tier.has_upper ? " <= " : " < ") + bound_text(tier.upper_gib);
}

json tier_json(const Tier& tier) {
  json lms = json::array();
  for (const LmSize size : tier.lm_sizes) lms.push_back(lm_name(size));
  return {{"name", tier.name},
          {"range", tier.range},
          {"xl_support", xl_support_name(tier.xl)},
          {"init_lm", tier.has_language_model()},
          {"available_lm_models", lms},
          {"recommended_lm_model",
           tier.recommended_lm ? json(lm_name(*tier.recommended_lm)) : json(nullptr)},
          {"lm_backend", tier.lm_backend},
          {"max_duration_with_lm", tier.with_lm.seconds},
          {"max_duration_without_lm", tier.without_lm.seconds},
          {"max_batch_size_with_lm", tier.with_lm.songs},
          {"max_batch_size_without_lm", tier.without_lm.songs},
          {"offload_to_cpu", tier.offloads_to_cpu()},
          {"offload_dit_to_cpu", tier.offloads_dit()},
          {"quantization", quantization_name(tier)}};
}

std::vector<std::vector<std::string>> tier_cells() {
  std::vector<std::vector<std::string>> rows = {{"tier", "VRAM", "XL", "LM sizes", "recommended",
                                                 "backend", "minutes LM / no LM",
                                                 "together LM / no LM", "offload", "quantization"}};
  for (const Tier& tier : all_tiers()) {
    rows.push_back({std::string(tier.name), std::string(tier.range),
                    std::string(xl_support_name(tier.xl)), sizes_cell(tier),
                    tier.recommended_lm ? std::string(size_name(*tier.recommended_lm)) : "none",
                    std::string(tier.lm_backend), minutes_cell(tier), songs_cell(tier),
                    std::string(offload_name(tier.offload)), std::string(quantization_name(tier))});
  }
  return rows;
}

std::string tier_markdown() {
  std::string text;
  bool is_heading = true;
  for (const auto& row : tier_cells()) {
    text += "| " + request::join(row, " | ") + " |\n";
    if (!is_heading) continue;
    is_heading = false;
    for (size_t i = 0; i < row.size(); ++i) text += "|---";
    text += "|\n";
  }
  return text;
}

}  // namespace acestep::plan
