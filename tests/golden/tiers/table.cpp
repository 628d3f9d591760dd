#include <array>
#include <map>

#include "golden/tiers/reference.h"
#include "golden/tiers/runners.h"
#include "plan/decode_tile.h"
#include "plan/language_model.h"
#include "plan/published_sizes.h"
#include "plan/transformer.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

// Our decisions in the reference's words. What it decides nothing with (lm_memory_gb,
// mlx_vae_chunk_size, save_memory_mode, compile_model_default) has no counterpart.
json row_of(const plan::Plan& plan) {
  const plan::Tier& tier = *plan.tier.value;
  json lms = json::array();
  for (const plan::LmSize size : tier.lm_sizes) lms.push_back(plan::lm_name(size));
  const bool is_pt_only = plan.backends.allowed == std::vector<std::string>{"pt"};
  return {{"tier", tier.name},
          {"max_duration_with_lm", tier.with_lm.seconds},
          {"max_duration_without_lm", tier.without_lm.seconds},
          {"max_batch_size_with_lm", tier.with_lm.songs},
          {"max_batch_size_without_lm", tier.without_lm.songs},
          {"init_lm_default", plan.init_lm.value},
          {"available_lm_models", lms},
          {"recommended_lm_model", plan.lm_model.value},
          {"lm_backend_restriction", is_pt_only ? "pt_only" : "all"},
          {"recommended_backend", plan.lm_backend.value},
          {"offload_to_cpu_default", plan.offload_to_cpu.value},
          {"offload_dit_to_cpu_default", plan.offload_dit_to_cpu.value},
          {"quantization_default", plan.quantization.value != "none"}};
}

// The reference's row with what the guide promises instead.
json expected_row(json row, const std::string& tier, const std::string& platform) {
  json expected = json::object();
  const json ours = row_of(plan_of(device_of("cuda", 8)));
  for (const auto& [name, value] : ours.items()) {
    expected[name] = row.at(name);
  }
  expected["tier"] = tier;
  if (is_pt_tier(tier) || platform == "cpu") {
    expected["lm_backend_restriction"] = "pt_only";
    expected["recommended_backend"] = "pt";
  }
  if (platform == "cpu") {  // no card to leave, and full precision
    for (const char* name :
         {"offload_to_cpu_default", "offload_dit_to_cpu_default", "quantization_default"}) {
      expected[name] = false;
    }
  }
  return expected;
}

// The reference's rows by tier, from sizes on which both agree. key: platform/tier
std::map<std::string, json> rows_by_tier(const Case& the_case) {
  std::map<std::string, json> rows;
  for (const auto& entry : the_case.data.at("cases")) {
    const json& in = entry.at("in");
    if (is_decided_by_guide(in.at("vram_gb"))) continue;
    rows[in.at("platform").get<std::string>() + "/" +
         entry.at("out").at("tier").get<std::string>()] = entry.at("out");
  }
  return rows;
}

}  // namespace

void run_tiers(const Case& the_case, Check& check) {
  const auto rows = rows_by_tier(the_case);
  for_each_call(the_case, check, [&](const Call& call) {
    const std::string platform = call.in.at("platform");
    if (is_foreign(platform)) return;
    const double gib = call.in.at("vram_gb");
    const std::string tier = guide_tier(call.out.at("tier"), gib);
    check.equal(call.id, row_of(plan_of(device_of(platform, gib))),
                expected_row(rows.at(platform + "/" + tier), tier, platform));
  });
}

void run_tier_by_name(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    std::string platform = call.in.at("platform");
    if (is_foreign(platform)) return;
    const double gib = call.in.at("real_vram_gb");
    if (gib == 0) platform = "cpu";  // without memory there is no card
    const plan::Device device = device_of(platform, gib);
    const std::string name = call.in.at("tier");
    if (plan::find_tier(name) == nullptr) {  // the reference takes the memory's own, silently
      check.equal(call.id, is_refused([&] { plan_of(device, {.tier = name}); }), true);
      return;
    }
    const std::string tier = name == "tier6" ? "tier6b" : name;
    const plan::Plan plan = plan_of(device, {.tier = name});
    check.equal(call.id, row_of(plan), expected_row(call.out, tier, platform));
    check.equal(call.id + "/memory", plan.device.tier_gib, gib);
  });
}

void run_tier_constants(const Case& the_case, Check& check) {
  const json& constants = the_case.data.at("cases").at(0).at("out");
  json names = json::array();
  for (const plan::Tier& tier : plan::all_tiers()) names.push_back(tier.name);
  names.push_back(plan::find_tier("tier6") != nullptr ? "tier6" : "");
  check.equal("tier_keys", names, constants.at("tier_keys"));
  check.equal("vram_16gb_min_gb", plan::find_tier("tier5")->upper_gib,
              constants.at("vram_16gb_min_gb"));
  check.equal("auto_offload_threshold_gb", plan::first_gib_without_offload(),
              constants.at("auto_offload_threshold_gb"));
  check.equal("vae_decode_max_chunk", plan::reference_tile(1000.0),
              constants.at("vae_decode_max_chunk"));
  const json& models = constants.at("model_vram_gb");
  for (const char* name :
       {"acestep-v15-turbo", "acestep-v15-base", "acestep-v15-xl-turbo", "acestep-v15-xl-base"}) {
    const plan::DitKind kind = plan::dit_kind_of(name);
    check.equal(name, plan::dit_gib(kind), models.at("dit_" + std::string(kind_name(kind))));
  }
  for (const plan::LmSize size : {plan::LmSize::k0_6B, plan::LmSize::k1_7B, plan::LmSize::k4B}) {
    const json& lm = constants.at("lm_vram_gb").at(std::string(plan::size_name(size)));
    check.equal(plan::lm_name(size), plan::lm_gib(size), lm.at("weights"));
    check.equal(plan::lm_name(size) + " cache", plan::lm_cache_gib(size), lm.at("kv_cache_4k"));
  }
  check.count();
}

}  // namespace acestep::golden
