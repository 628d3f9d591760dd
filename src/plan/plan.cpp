#include "plan/plan.h"

#include "plan/draft.h"
#include "plan/size_text.h"
#include "plan/tier_text.h"
#include "request/nearest.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::plan {
namespace {

Decided<const Tier*> decide_tier(const Device& device, const Wishes& wishes) {
  if (wishes.tier && *wishes.tier != "auto") {
    const Tier* tier = find_tier(*wishes.tier);
    if (tier == nullptr) {
      std::vector<std::string> names;
      for (const Tier& known : all_tiers()) names.emplace_back(known.name);
      throw Error(ErrorCode::kUsage,
                  "--tier " + request::in_quotes(*wishes.tier) +
                      " is no tier: " + request::allowed_choices(*wishes.tier, names));
    }
    return {tier, "asked for; the device has " + size_text(device.tier_gib), Source::kUser};
  }
  if (wishes.follows_reference && !device.is_gpu() && !device.simulated_gib) {
    return {&tier_for(0), "the reference counts a processor as 0 GB", Source::kForced};
  }
  const Tier& tier = tier_for(device.tier_gib);
  return {&tier, membership_reason(tier, device.tier_gib),
          device.simulated_gib ? Source::kSimulated : Source::kDefault};
}

std::string xl_refusal(const Draft& draft) {
  return draft.tier_name() + " does not support XL models; --allow_unsupported tries it";
}

}  // namespace

std::string_view source_name(Source source) {
  switch (source) {
    case Source::kDefault:
      return "default";
    case Source::kUser:
      return "user";
    case Source::kForced:
      return "forced";
    case Source::kSimulated:
      return "simulated";
  }
  return "";
}

std::string Draft::below(double gib) const {
  if (plan.tier.source == Source::kUser) return tier_name() + " was asked for";
  const double size = plan.device.tier_gib;
  return size_text(size) + (size < gib ? " < " : " >= ") + bound_text(gib) + " GB";
}

// The 4B models do not fit on small cards: the 2B model of the same training takes their place.
void decide_transformer(Draft& draft) {
  Decided<std::string>& dit = draft.plan.dit_model;
  const bool is_asked = draft.wishes.dit.has_value();
  dit = {draft.wishes.dit.value_or(draft.surroundings.usual_dit),
         is_asked ? "asked for" : "the usual one", is_asked ? Source::kUser : Source::kDefault};
  // On the processor XL models are slow and no matter of a card's memory.
  const bool is_refused = draft.plan.device.is_gpu() && dit_kind_of(dit.value).is_xl &&
                          draft.tier().xl == XlSupport::kNo;
  if (!is_refused) return;
  if (draft.wishes.allow_unsupported) {
    draft.warn(draft.tier_name() + " does not support XL models: " + dit.value +
               " runs by streaming its blocks, which takes several times longer");
    return;
  }
  const std::string sibling = sibling_2b(dit.value);
  draft.adjust("config_path", dit.value, sibling, xl_refusal(draft));
  dit = {sibling, xl_refusal(draft), Source::kForced};
}

Plan make_plan(const Device& device, const Wishes& wishes, const SongFacts& song,
               const Surroundings& surroundings) {
  Plan plan;
  plan.device = device;
  plan.tier = decide_tier(device, wishes);
  plan.backends = backend_rule(*plan.tier.value, device);
  Draft draft{plan, wishes, song, surroundings};
  decide_transformer(draft);
  decide_language_model(draft);
  decide_backend(draft);
  decide_offload(draft);
  decide_quantization(draft);
  decide_numbers(draft);
  decide_limits(draft);
  decide_decoding(draft);
  return plan;
}

}  // namespace acestep::plan
