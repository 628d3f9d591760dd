// A plan in the making: what the files decide_*.cpp share.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "plan/plan.h"

namespace acestep::plan {

struct Draft {
  Plan& plan;
  const Wishes& wishes;
  const SongFacts& song;
  const Surroundings& surroundings;

  const Tier& tier() const { return *plan.tier.value; }
  std::string tier_name() const { return std::string(tier().name); }
  bool has_legacy_card() const {
    return plan.device.compute && plan.device.compute->is_legacy_cuda();
  }
  // Of what the tier or the device says.
  Source default_source() const {
    return plan.device.simulated_gib ? Source::kSimulated : Source::kDefault;
  }
  // One warning that names what was asked and what is used.
  void adjust(std::string field, nlohmann::json from, nlohmann::json to, std::string why) {
    plan.findings.adjustments.push_back(
        {std::move(field), std::move(from), std::move(to), std::move(why)});
  }
  void warn(std::string text) { plan.findings.warnings.push_back(std::move(text)); }
  // "8.0 GB < 20 GB", or the name of a tier that the user chose.
  std::string below(double gib) const;
};

// In this order: later ones read what earlier ones decided.
void decide_transformer(Draft& draft);
void decide_language_model(Draft& draft);
void decide_backend(Draft& draft);
void decide_offload(Draft& draft);
void decide_quantization(Draft& draft);
void decide_numbers(Draft& draft);
void decide_limits(Draft& draft);
void decide_decoding(Draft& draft);

}  // namespace acestep::plan
