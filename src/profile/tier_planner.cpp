#include "profile/tier_planner.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "plan/size_text.h"

namespace acestep::profile {
namespace {

constexpr char kNone[] = "none";

TierRun run_in(const plan::Plan& plan, double size_gb, std::string variant, int64_t songs) {
  TierRun run = {.size_gb = size_gb,
                 .tier = std::string(plan.tier.value->name),
                 .variant = std::move(variant),
                 .lm_model = plan.init_lm.value ? plan.lm_model.value : std::string(),
                 .lm_backend = plan.lm_backend.value,
                 .quantization = plan.quantization.value,
                 .offload_to_cpu = plan.offload_to_cpu.value,
                 .offload_dit_to_cpu = plan.offload_dit_to_cpu.value,
                 .seconds = plan.duration.value.value_or(0),
                 .songs = songs};
  if (plan.device.cap_bytes) run.cap_gb = plan::to_gib(*plan.device.cap_bytes);
  return run;
}

}  // namespace

std::vector<double> default_sizes_gb() { return {4, 6, 8, 12, 16, 20, 24, 48}; }

std::string_view variant_name(Variant variant) {
  switch (variant) {
    case Variant::kDefault:
      return "default";
    case Variant::kNoQuant:
      return "no-quant";
    case Variant::kNoOffload:
      return "no-offload";
  }
  return "";
}

TierPlanner::TierPlanner(TierTestOptions options, std::function<plan::Device(double)> device_of,
                         plan::Wishes wishes, plan::Surroundings surroundings)
    : options_(std::move(options)),
      device_of_(std::move(device_of)),
      wishes_(std::move(wishes)),
      surroundings_(std::move(surroundings)) {}

plan::Plan TierPlanner::make(double size_gb, Variant variant, LmUse lm) const {
  plan::Wishes wishes = wishes_;
  wishes.language_model = lm == LmUse::kWanted;
  if (variant != Variant::kDefault) wishes.quantization = kNone;
  if (variant == Variant::kNoOffload) {
    wishes.offload_to_cpu = false;
    wishes.offload_dit_to_cpu = false;
  }
  return plan::make_plan(device_of_(size_gb), wishes, {.seconds = options_.seconds}, surroundings_);
}

plan::Plan TierPlanner::default_plan(double size_gb) const {
  return make(size_gb, Variant::kDefault, usual_lm(size_gb));
}

TierRun TierPlanner::run_of(double size_gb, Variant variant) const {
  return run_in(make(size_gb, variant, usual_lm(size_gb)), size_gb,
                std::string(variant_name(variant)), 1);
}

std::optional<Skip> TierPlanner::skip_of(double size_gb, Variant variant) const {
  const TierRun usual = run_of(size_gb, Variant::kDefault);
  const auto skip = [&](std::string reason) {
    return Skip{size_gb, usual.tier, std::string(variant_name(variant)), std::move(reason)};
  };
  if (variant == Variant::kDefault) return std::nullopt;
  const bool has_no_quant = usual.quantization == kNone;
  if (variant == Variant::kNoQuant && has_no_quant) return skip("nothing is quantised by default");
  if (variant == Variant::kNoOffload) {
    if (size_gb < kLeastGbWithoutOffload) {
      return skip("below " + plan::bound_text(kLeastGbWithoutOffload) + " GB models do not fit");
    }
    if (has_no_quant && !usual.offload_to_cpu) return skip("everything stays on the card anyway");
  }
  const plan::Plan plan = make(size_gb, variant, usual_lm(size_gb));
  if (plan.quantization.value != kNone) return skip(plan.quantization.reason);
  const bool is_moved = variant == Variant::kNoOffload && plan.offload_to_cpu.value;
  return is_moved ? std::optional(skip(plan.offload_to_cpu.reason)) : std::nullopt;
}

TierRun TierPlanner::batch_run(double size_gb, LmUse lm, int64_t songs) const {
  const std::string name = lm == LmUse::kWanted ? "batch-LM-" : "batch-noLM-";
  return run_in(make(size_gb, Variant::kDefault, lm), size_gb, name + std::to_string(songs), songs);
}

std::optional<Skip> TierPlanner::lm_skip_of(double size_gb) const {
  const plan::Plan plan = make(size_gb, Variant::kDefault, LmUse::kWanted);
  const plan::Tier& tier = *plan.tier.value;
  const std::string name(tier.name);
  if (!tier.has_language_model()) {
    return Skip{size_gb, name, "LM", name + " has no language model"};
  }
  const std::vector<std::string>& on_disk = surroundings_.lms_on_disk;
  const std::string& model = plan.lm_model.value;
  const bool is_there = std::find(on_disk.begin(), on_disk.end(), model) != on_disk.end() ||
                        std::filesystem::is_directory(model);
  if (is_there) return std::nullopt;
  return Skip{size_gb, name, "LM", "LM not available: " + model + " is not installed"};
}

TierPlanner::LmUse TierPlanner::usual_lm(double size_gb) const {
  return options_.with_lm && !lm_skip_of(size_gb) ? LmUse::kWanted : LmUse::kNone;
}

}  // namespace acestep::profile
