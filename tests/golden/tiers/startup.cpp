#include <map>

#include "golden/tiers/reference.h"
#include "golden/tiers/runners.h"
#include "plan/language_model.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

const std::vector<std::string> kAllLms = {"acestep-5Hz-lm-0.6B", "acestep-5Hz-lm-1.7B",
                                          "acestep-5Hz-lm-4B"};

// The reference's start options as wishes.
plan::Wishes wishes_of(const json& arguments) {
  plan::Wishes wishes;
  for (size_t i = 0; i + 1 < arguments.size(); i += 2) {
    const std::string name = arguments[i];
    const std::string value = arguments[i + 1];
    if (name == "--lm_model_path") wishes.lm = value;
    if (name == "--offload_to_cpu") wishes.offload_to_cpu = value == "true";
    if (name == "--quantization") wishes.quantization = value;
    if (name == "--init_llm") wishes.language_model = value == "true";
    if (name == "--backend") wishes.backend = value;
  }
  return wishes;
}

bool asks_for_4b(const plan::Wishes& wishes) {
  return wishes.lm && plan::lm_size_of(*wishes.lm) == plan::LmSize::k4B;
}

void check_memory(const Call& call, const plan::Plan& plan, const plan::Wishes& wishes,
                  Check& check) {
  const double gib = call.in.at("vram_gb");
  // The reference overrules the user and the tier for the 4B model; we do not.
  const bool is_forced = asks_for_4b(wishes) && gib <= 24;
  const bool offloads = is_forced ? wishes.offload_to_cpu.value_or(gib < 20)
                                  : call.out.at("offload_to_cpu").get<bool>();
  check.equal(call.id + "/offload", plan.offload_to_cpu.value, offloads);
  // Without CPU offload the reference leaves a DiT offload on that does nothing.
  check.equal(call.id + "/dit", plan.offload_dit_to_cpu.value,
              offloads && call.out.at("offload_dit_to_cpu").get<bool>());
  std::string quantization = text_or(call.out.at("quantization"), "none");
  if (quantization == "fp8_weight_only") quantization = "int8_weight_only";
  check.equal(call.id + "/quantization", plan.quantization.value, quantization);
}

void check_language_model(const Call& call, const plan::Plan& plan, const plan::Wishes& wishes,
                          Check& check) {
  const bool is_started = call.out.at("lm_started");
  check.equal(call.id + "/lm", plan.init_lm.value, is_started);
  if (!is_started) return;
  const plan::Tier& tier = *plan.tier.value;
  const std::string backend = call.out.at("lm_backend");
  const bool is_pt = is_pt_tier(std::string(tier.name)) || backend == "pt";
  check.equal(call.id + "/backend", plan.lm_backend.value, is_pt ? "pt" : "vllm");
  // Unasked, the reference takes the first on disk; we take the tier's recommendation. Asked for
  // one that is too large, it loads it (or the 1.7B model) all the same.
  const bool is_granted = wishes.lm && tier.allows(plan::lm_size_of(*wishes.lm));
  const plan::LmSize recommended = tier.recommended_lm.value_or(plan::LmSize::k0_6B);
  check.equal(call.id + "/lm name", plan.lm_model.value,
              is_granted ? *wishes.lm : plan::lm_name(recommended));
}

}  // namespace

void run_ui_defaults(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const double gib = call.in.at("vram_gb");
    const bool is_card = call.in.at("device") == "cuda";
    if (!is_card || is_decided_by_guide(gib)) return;  // those sizes: run_tiers
    const json& lm = call.in.at("lm_initialized");
    const plan::Device device = device_of("cuda", gib, call.in.at("compute_capability"));
    const plan::Plan usual = plan_of(device);
    const plan::Plan plan = plan_of(device, {.language_model = lm.is_boolean() && lm.get<bool>()});
    const std::string tier(usual.tier.value->name);
    const bool is_pt = is_pt_tier(tier) || call.out.at("recommended_backend") == "pt";
    check.equal(call.id + "/seconds", plan.max_duration.value, call.out.at("max_duration"));
    check.equal(call.id + "/songs", plan.max_songs_together.value, call.out.at("max_batch_size"));
    check.equal(call.id + "/lm", usual.init_lm.value, call.out.at("init_lm_default"));
    check.equal(call.id + "/lm name", usual.lm_model.value, call.out.at("recommended_lm"));
    check.equal(call.id + "/backend", usual.lm_backend.value, is_pt ? "pt" : "vllm");
    check.equal(call.id + "/offload", usual.offload_to_cpu.value, call.out.at("default_offload"));
    check.equal(call.id + "/dit", usual.offload_dit_to_cpu.value,
                call.out.at("default_offload_dit"));
    check.equal(call.id + "/quantization", usual.quantization.value != "none",
                call.out.at("default_quantization"));
  });
}

void run_startup_ui(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const double gib = call.in.at("vram_gb");
    const bool is_card = call.in.at("device") == "cuda";
    if (!is_card || is_decided_by_guide(gib)) return;  // those sizes: run_tiers
    const plan::Wishes wishes = wishes_of(call.in.at("args"));
    const plan::Plan plan =
        plan_of(device_of("cuda", gib, call.in.at("compute_capability")), wishes, kAllLms);
    check_memory(call, plan, wishes, check);
    check_language_model(call, plan, wishes, check);
  });
}

// The reference's other two programs have rules of their own. Ours has one: what they decide about
// memory is decided by the tier, the language model starts as theirs does.
void run_startup_cli_api(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const double gib = call.in.at("vram_gb");
    const bool is_card = call.in.at("device") == "cuda";
    if (!is_card || is_decided_by_guide(gib)) return;
    plan::Wishes wishes;
    const json variables = call.in.value("env", json::object());
    const std::string init = variables.value("ACESTEP_INIT_LLM", "auto");
    if (init != "auto" && !init.empty()) wishes.language_model = init == "true";
    if (variables.contains("ACESTEP_OFFLOAD_TO_CPU")) wishes.offload_to_cpu = false;
    if (variables.contains("ACESTEP_OFFLOAD_DIT_TO_CPU")) wishes.offload_dit_to_cpu = true;
    const plan::Plan plan =
        plan_of(device_of("cuda", gib, call.in.at("compute_capability")), wishes, kAllLms);
    const plan::Tier& tier = *plan.tier.value;
    const char* started = call.out.contains("thinking") ? "thinking" : "lm_started";
    check.equal(call.id + "/lm", plan.init_lm.value, call.out.at(started));
    const bool offloads = wishes.offload_to_cpu.value_or(tier.offloads_to_cpu());
    check.equal(call.id + "/offload", plan.offload_to_cpu.value, offloads);
    const bool asks_dit = wishes.offload_dit_to_cpu.value_or(tier.offloads_dit());
    check.equal(call.id + "/dit", plan.offload_dit_to_cpu.value, offloads && asks_dit);
    check.equal(call.id + "/quantization", plan.quantization.value != "none", tier.quantizes);
  });
}

}  // namespace acestep::golden
