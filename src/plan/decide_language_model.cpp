#include <filesystem>

#include "plan/draft.h"
#include "plan/language_model.h"
#include "request/text.h"

namespace acestep::plan {
namespace {

bool runs_on_cpu(const Draft& draft) {
  return !draft.plan.device.is_gpu() || !draft.tier().has_language_model();
}

// The tier's recommendation; where the tier has none, the smallest there is.
std::string recommended_name(const Tier& tier) {
  return lm_name(tier.recommended_lm.value_or(LmSize::k0_6B));
}

// What is used when nobody names a model: the best match among the installed ones that fit.
Decided<std::string> usual_model(const Draft& draft) {
  const Tier& tier = draft.tier();
  const std::string wanted = recommended_name(tier);
  const std::vector<std::string>& on_disk = draft.surroundings.lms_on_disk;
  const bool may_be_any = !tier.has_language_model();  // on the CPU
  const auto best = best_lm_on_disk(wanted, may_be_any ? on_disk : allowed_lms(tier, on_disk));
  const std::string why = "recommended for " + draft.tier_name();
  if (!best) return {wanted, why + "; none that fits is installed", draft.default_source()};
  if (*best == wanted) return {wanted, why, draft.default_source()};
  return {*best, "the installed one closest to " + wanted, draft.default_source()};
}

Decided<std::string> choose_model(Draft& draft) {
  if (!draft.wishes.lm) return usual_model(draft);
  const std::string& asked = *draft.wishes.lm;
  const LmSize size = lm_size_of(std::filesystem::path(asked).filename().string());
  if (runs_on_cpu(draft) || draft.tier().allows(size)) return {asked, "asked for", Source::kUser};
  const std::string too_large =
      std::string(size_name(size)) + " is too large for " + draft.tier_name();
  if (draft.wishes.allow_unsupported) {
    draft.warn(too_large + ": it is loaded in INT8, as asked, and may not fit");
    return {asked, "asked for, though " + too_large, Source::kUser};
  }
  Decided<std::string> used = usual_model(draft);
  used.reason = too_large;
  used.source = Source::kForced;
  draft.adjust("lm_model_path", asked, used.value, too_large);
  return used;
}

Decided<bool> whether_to_load(const Draft& draft) {
  const auto& asked = draft.wishes.language_model;
  if (asked) return {*asked, *asked ? "asked for" : "switched off", Source::kUser};
  const bool has = draft.tier().has_language_model();
  return {has, draft.tier_name() + (has ? " has room for it" : " has no room for it"),
          draft.default_source()};
}

}  // namespace

void decide_language_model(Draft& draft) {
  Plan& plan = draft.plan;
  plan.init_lm = whether_to_load(draft);
  const std::string own_device(kind_name(plan.device.kind));
  plan.lm_device = {own_device, "where the song is computed", draft.default_source()};
  if (!plan.init_lm.value) {
    plan.lm_model = {"", plan.init_lm.reason, plan.init_lm.source};
    return;
  }
  if (runs_on_cpu(draft) && plan.device.is_gpu()) {
    const std::string why = draft.tier_name() + " has no memory for a language model";
    draft.adjust("lm_device", own_device, "cpu", why);
    plan.lm_device = {"cpu", why, Source::kForced};
  } else if (!draft.tier().has_language_model() && !draft.wishes.follows_reference) {
    draft.warn(draft.tier_name() + " is small for a language model; it runs, as asked");
  }
  plan.lm_model = choose_model(draft);
}

void decide_backend(Draft& draft) {
  Plan& plan = draft.plan;
  const BackendRule& rule = plan.backends;
  const BackendChoice choice = choose_backend(draft.wishes.backend.value_or("auto"), rule);
  if (choice.asked.empty()) {
    const bool is_forced = draft.has_legacy_card();
    plan.lm_backend = {choice.used, rule.reason,
                       is_forced ? Source::kForced : draft.default_source()};
  } else if (choice.asked == choice.used) {
    plan.lm_backend = {choice.used, "asked for", Source::kUser};
  } else {
    const std::string why = choice.asked == "mlx" ? "mlx is for Apple's processors" : rule.reason;
    draft.adjust("backend", choice.asked, choice.used, why);
    plan.lm_backend = {choice.used, why, Source::kForced};
  }
}

}  // namespace acestep::plan
