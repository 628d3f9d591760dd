#include "golden/tiers/reference.h"
#include "golden/tiers/runners.h"
#include "plan/language_model.h"
#include "request/text.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

void check_supported(const Call& call, Check& check) {
  const std::string name = call.in.at("name");
  plan::Wishes wishes = {.tier = call.in.at("tier").get<std::string>(), .language_model = true};
  if (!name.empty()) wishes.lm = name;
  const plan::Plan plan = plan_of(device_of("cuda", 24), wishes);
  bool is_supported = call.out.at("supported");
  // The folder's own name counts, not those above it.
  if (name == "acestep-5Hz-lm-0.6B/1.7B") {
    is_supported = plan.tier.value->allows(plan::LmSize::k1_7B);
  }
  // Unsupported ones are told and not used; where the tier has none, they run on the CPU.
  check.equal(call.id, plan.findings.adjustments.empty(), is_supported);
  const bool is_on_cpu = plan.lm_device.value == "cpu";
  check.equal(call.id + "/used", wishes.lm && plan.lm_model.value == name,
              wishes.lm && (is_supported || is_on_cpu));
}

json pick_json(const std::optional<std::string>& pick) {
  return pick ? json(*pick) : json(nullptr);
}

// What our rule makes of a request; "error" where it is refused.
std::string resolved(const plan::Wishes& wishes, const plan::Device& device) {
  std::string used = "error";
  is_refused([&] { used = plan_of(device, wishes).lm_backend.value; });
  return used;
}

// The reference's answer with our differences: unknown names are errors, mlx is not here.
std::string expected_backend(const std::string& asked, const std::string& theirs, bool is_pt_only) {
  const std::string name = request::to_lower_ascii(request::trim(asked));
  const bool is_known =
      name.empty() || name == "auto" || name == "pt" || name == "vllm" || name == "mlx";
  if (!is_known) return "error";
  if (is_pt_only) return "pt";
  return theirs == "mlx" ? "vllm" : theirs;
}

}  // namespace

void run_lm_models(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const std::string function = call.in.at("fn");
    if (function == "size_of") {
      check.equal(call.id, plan::size_name(plan::lm_size_of(call.in.at("name").get<std::string>())),
                  call.out.at("size"));
    } else if (function == "best_on_disk") {
      check.equal(call.id,
                  pick_json(plan::best_lm_on_disk(call.in.at("recommended"), call.in.at("disk"))),
                  call.out.at("pick"));
    } else if (function == "recommended") {  // one notion, that of the table
      const plan::Tier* tier = plan::find_tier(call.in.at("tier").get<std::string>());
      check.equal(call.id, tier->recommended_lm ? plan::lm_name(*tier->recommended_lm) : "",
                  call.out.at("ui_default"));
    } else {
      check_supported(call, check);
    }
  });
}

void run_lm_backend(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const std::string kind = call.in.at("device");
    if (is_foreign(kind)) return;
    const std::string tier = call.in.at("tier");
    const plan::Device device = device_of(kind, 24, call.in.at("compute_capability"));
    const bool is_pt_only =
        is_pt_tier(tier) || kind == "cpu" || call.out.at("restriction") == "pt_only";
    check.equal(call.id + "/legacy", device.compute && device.compute->is_legacy_cuda(),
                call.out.at("legacy_cuda"));
    for (const auto& [asked, theirs] : call.out.at("resolved").items()) {
      plan::Wishes wishes = {.tier = tier, .language_model = true};
      if (asked != "None") wishes.backend = asked;
      check.equal(call.id + "/" + asked, resolved(wishes, device),
                  expected_backend(asked == "None" ? "" : asked, theirs, is_pt_only));
    }
  });
}

void run_lm_backend_rules(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const std::string restriction = call.in.at("restriction");
    const std::string recommended = call.in.at("recommended");
    // Rules that a tier of ours may have.
    const bool is_all = restriction == "all" && recommended == "vllm";
    const bool is_pt_only = restriction == "pt_only" && recommended == "pt";
    if (!is_all && !is_pt_only) return;
    const plan::BackendRule rule = {is_all ? std::vector<std::string>{"vllm", "pt"}
                                           : std::vector<std::string>{"pt"}};
    const std::string asked = text_or(call.in.at("requested"));
    std::string used = "error";
    is_refused([&] { used = plan::choose_backend(asked, rule).used; });
    check.equal(call.id, used, expected_backend(asked, call.out.at("resolved"), is_pt_only));
  });
}

void run_lm_init(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const std::string kind = call.in.at("device");
    // Windows, Apple and failing loaders are no decisions of a plan.
    const bool is_decision = call.in.at("platform") == "linux" && call.in.at("vllm_loads");
    if (is_foreign(kind) || !is_decision) return;
    const plan::Plan plan =
        plan_of(device_of(kind, 24), {.tier = "tier6b",
                                      .language_model = true,
                                      .backend = call.in.at("requested").get<std::string>()});
    // On the processor the reference has tier 1, we the tier that the memory names.
    const json seconds = kind == "cpu" ? json(480) : call.out.at("constrained_max_duration");
    check.equal(call.id + "/seconds", plan.max_duration.value, seconds);
    // Free memory never changes a song: below 2 GB the reference turns to pt, we do not. mlx is
    // Apple's: the tier's own takes its place.
    const bool is_low = call.in.at("free_gb").get<double>() < 2.0;
    const bool is_mlx = call.in.at("requested") == "mlx";
    const std::string own = kind == "cpu" ? "pt" : "vllm";
    check.equal(call.id, plan.lm_backend.value,
                is_low || is_mlx ? own : call.out.at("final").get<std::string>());
  });
}

}  // namespace acestep::golden
