#include <algorithm>
#include <map>

#include "golden/tiers/reference.h"
#include "golden/tiers/runners.h"
#include "text/lm_budget.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

std::string key_of(const std::string& kind, const std::string& tier, bool with_lm) {
  return kind + "/" + tier + (with_lm ? "/lm" : "/no lm");
}

// The reference's limits by tier, from sizes on which both agree on the tier.
std::map<std::string, json> limits_by_tier(const Case& the_case) {
  std::map<std::string, json> limits;
  for (const auto& entry : the_case.data.at("cases")) {
    const json& in = entry.at("in");
    if (is_decided_by_guide(in.at("vram_gb"))) continue;
    limits[key_of(in.at("kind"), in.at("tier"), in.at("lm"))] = entry.at("out").at("limit");
  }
  return limits;
}

bool has_adjustment(const plan::Plan& plan, const std::string& field, const json& to) {
  return std::any_of(plan.findings.adjustments.begin(), plan.findings.adjustments.end(),
                     [&](const request::Adjustment& a) { return a.field == field && a.to == to; });
}

}  // namespace

void run_limits(const Case& the_case, Check& check) {
  const auto limits = limits_by_tier(the_case);
  for_each_call(the_case, check, [&](const Call& call) {
    const bool is_duration = call.in.at("kind") == "duration";
    const double gib = call.in.at("vram_gb");
    const double asked = call.in.at("request");
    const std::string tier = guide_tier(call.in.at("tier"), gib);
    const double limit = limits.at(key_of(call.in.at("kind"), tier, call.in.at("lm")));
    plan::SongFacts song;
    if (is_duration && asked > 0) song.seconds = asked;  // else left open
    if (!is_duration) song.songs = static_cast<int64_t>(asked);
    const plan::Plan plan =
        plan_of(device_of("cuda", gib), {.language_model = call.in.at("lm")}, song);
    const double effective = std::min(asked, limit);
    if (is_duration) {
      check.equal(call.id, plan.duration.value.value_or(asked), effective);
    } else {
      check.equal(call.id, plan.songs_together.value, effective);
    }
    const char* field = is_duration ? "duration" : "batch_size";
    check.equal(call.id + "/told", has_adjustment(plan, field, limit), asked > limit);
  });
}

void run_duration_clamp(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const json& asked = call.in.at("request");
    const bool is_open = asked.is_null() || asked.get<double>() <= 0;
    plan::SongFacts song;
    if (!is_open) song.seconds = asked.get<double>();
    const json& lm = call.in.at("lm");
    const plan::Plan plan = plan_of(device_of("cuda", 24),
                                    {.tier = call.in.at("tier").get<std::string>(),
                                     .language_model = lm.is_boolean() && lm.get<bool>()},
                                    song);
    const json ours = plan.duration.value ? json(*plan.duration.value) : json(nullptr);
    check.equal(call.id, ours, is_open ? json(nullptr) : call.out.at("effective"));
  });
}

void run_lm_max_new_tokens(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const plan::Plan plan =
        plan_of(device_of("cuda", 24),
                {.tier = call.in.at("tier").get<std::string>(), .language_model = true});
    text::LmTokenRequest request;
    const json& seconds = call.in.at("target_duration");
    if (!seconds.is_null()) request.duration_seconds = seconds.get<double>();
    request.phase = call.in.at("phase") == "codes" ? text::LmPhase::kCodes : text::LmPhase::kCot;
    const json& fallback = call.in.at("fallback_max");
    if (!fallback.is_null()) request.fallback_tokens = fallback.get<int64_t>();
    const int64_t tokens = text::max_new_tokens(
        request, {.max_duration_seconds = plan.max_duration.value,
                  .max_model_tokens = call.in.at("max_model_len").get<int64_t>()});
    check.equal(call.id, tokens, call.out.at("max_new_tokens"));
  });
}

}  // namespace acestep::golden
