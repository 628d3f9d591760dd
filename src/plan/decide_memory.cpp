#include <algorithm>

#include "plan/draft.h"
#include "plan/language_model.h"
#include "request/nearest.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::plan {
namespace {

constexpr char kInt8[] = "int8_weight_only";
constexpr char kInt8Both[] = "w8a8_dynamic";
constexpr char kNone[] = "none";

// Why an XL model needs something of the memory's keeping on this tier; empty: it does not.
std::string xl_need(const Draft& draft) {
  if (!draft.plan.dit().is_xl || !draft.plan.device.is_gpu()) return "";
  if (draft.tier().xl == XlSupport::kFull) return "";
  return "XL models need it on " + draft.tier_name();
}

// Everything of an XL model leaves and shrinks where it only just fits, or does not by the table.
bool is_tight_for_xl(const Draft& draft) {
  return !xl_need(draft).empty() && draft.tier().xl != XlSupport::kOffload;
}

// The tier's value, or the asked one; `need` (if any) leaves no choice but `needed`.
template <typename T>
Decided<T> settle(Draft& draft, const char* field, const std::optional<T>& asked,
                  const Decided<T>& usual, const std::string& need, const T& needed) {
  if (!need.empty()) {
    if (asked && *asked != needed) draft.adjust(field, *asked, needed, need);
    if (asked && *asked == needed) return {needed, "asked for", Source::kUser};
    return {needed, need, Source::kForced};
  }
  if (asked) return {*asked, "asked for", Source::kUser};
  return usual;
}

// Tiers 1 and 2 need all that saves memory; who switches it off is told.
void warn_where_memory_is_low(Draft& draft, const char* field, bool is_off) {
  if (!is_off || !draft.plan.device.is_gpu() || draft.tier().has_language_model()) return;
  draft.warn(std::string(field) + " is switched off, but " + draft.tier_name() +
             " needs it: memory may run out");
}

void keep_all_on_cpu(Draft& draft) {
  const std::string why = "songs are computed on the processor";
  const auto off = [&](const char* field, const std::optional<bool>& asked) -> Decided<bool> {
    if (asked.value_or(false)) draft.adjust(field, true, false, why);
    return {false, why, asked.value_or(false) ? Source::kForced : Source::kDefault};
  };
  draft.plan.offload_to_cpu = off("offload_to_cpu", draft.wishes.offload_to_cpu);
  draft.plan.offload_dit_to_cpu = off("offload_dit_to_cpu", draft.wishes.offload_dit_to_cpu);
  draft.plan.stream_dit_blocks = off("stream_dit_blocks", draft.wishes.stream_dit_blocks);
}

// The lowest tiers see two blocks of the transformer at a time, as do XL models where the table has
// no place for them.
void decide_streaming(Draft& draft) {
  const bool is_unsupported = draft.plan.dit().is_xl && draft.tier().xl == XlSupport::kNo;
  const bool is_lowest = !draft.tier().has_language_model();
  const bool is_usual = draft.plan.offload_dit_to_cpu.value && (is_lowest || is_unsupported);
  const std::string why =
      is_unsupported ? "XL models have no other place on " + draft.tier_name()
                     : draft.tier_name() + (is_usual ? " has little memory" : " holds all blocks");
  draft.plan.stream_dit_blocks =
      settle<bool>(draft, "stream_dit_blocks", draft.wishes.stream_dit_blocks,
                   {is_usual, why, draft.default_source()}, "", true);
}

Decided<std::string> usual_quantization(const Draft& draft) {
  if (!draft.plan.device.is_gpu()) {
    return {kNone, "the processor keeps full precision unless asked", Source::kDefault};
  }
  const std::string why = draft.below(first_gib_without_quantization());
  if (!draft.tier().quantizes) return {kNone, why, draft.default_source()};
  if (draft.has_legacy_card()) {
    return {kInt8Both,
            why + ", compute capability " + capability_text(*draft.plan.device.compute) + " < 7.0",
            draft.default_source()};
  }
  return {kInt8, why, draft.default_source()};
}

// In lower case, "none" for the ways to say so. fp8 becomes INT8.
std::optional<std::string> asked_quantization(Draft& draft, const char* field,
                                              const std::optional<std::string>& asked) {
  if (!asked) return std::nullopt;
  const std::string name = request::to_lower_ascii(request::trim(*asked));
  if (name == "null" || name.empty()) return kNone;
  const bool is_known = std::find(std::begin(kQuantizations), std::end(kQuantizations), name) !=
                        std::end(kQuantizations);
  if (!is_known) {
    const std::vector<std::string> names(std::begin(kQuantizations), std::end(kQuantizations));
    throw Error(ErrorCode::kUsage, "--" + std::string(field) + " = " + request::in_quotes(*asked) +
                                       ": " + request::allowed_choices(name, names));
  }
  if (name != "fp8_weight_only") return name;
  draft.adjust(field, name, kInt8, "8-bit floats are not computed here; INT8 takes as little");
  return kInt8;
}

void decide_lm_quantization(Draft& draft) {
  Plan& plan = draft.plan;
  const auto asked = asked_quantization(draft, "lm_quantization", draft.wishes.lm_quantization);
  const bool is_too_large = plan.init_lm.value && plan.lm_device.value != "cpu" &&
                            !draft.tier().allows(lm_size_of(plan.lm_model.value));
  const Decided<std::string> usual = {
      kNone, "its sizes on " + draft.tier_name() + " fit as they are", draft.default_source()};
  plan.lm_quantization = settle<std::string>(
      draft, "lm_quantization", asked, usual,
      is_too_large ? "a larger language model than " + draft.tier_name() + " allows" : "", kInt8);
}

}  // namespace

void decide_offload(Draft& draft) {
  Plan& plan = draft.plan;
  if (!plan.device.is_gpu()) return keep_all_on_cpu(draft);
  const Wishes& wishes = draft.wishes;
  plan.offload_to_cpu =
      settle<bool>(draft, "offload_to_cpu", wishes.offload_to_cpu,
                   {draft.tier().offloads_to_cpu(), draft.below(first_gib_without_offload()),
                    draft.default_source()},
                   xl_need(draft), true);
  if (!plan.offload_to_cpu.value) {
    const std::string why = "offload_to_cpu is off";
    if (wishes.offload_dit_to_cpu.value_or(false)) {
      draft.adjust("offload_dit_to_cpu", true, false, why);
    }
    plan.offload_dit_to_cpu = {false, why, Source::kForced};
    if (!draft.tier().offloads_dit()) plan.offload_dit_to_cpu.source = draft.default_source();
  } else {
    plan.offload_dit_to_cpu =
        settle<bool>(draft, "offload_dit_to_cpu", wishes.offload_dit_to_cpu,
                     {draft.tier().offloads_dit(), draft.below(first_gib_with_dit_resident()),
                      draft.default_source()},
                     is_tight_for_xl(draft) ? xl_need(draft) : "", true);
  }
  warn_where_memory_is_low(draft, "offload_to_cpu", !plan.offload_to_cpu.value);
  decide_streaming(draft);
}

void decide_quantization(Draft& draft) {
  const auto asked = asked_quantization(draft, "quantization", draft.wishes.quantization);
  const std::string need =
      is_tight_for_xl(draft) && asked.value_or(kNone) == kNone ? xl_need(draft) : "";
  draft.plan.quantization =
      settle<std::string>(draft, "quantization", asked, usual_quantization(draft), need,
                          draft.has_legacy_card() ? kInt8Both : kInt8);
  warn_where_memory_is_low(draft, "quantization", draft.plan.quantization.value == kNone);
  decide_lm_quantization(draft);
}

}  // namespace acestep::plan
