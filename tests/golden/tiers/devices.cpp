#include <cmath>

#include "golden/tiers/reference.h"
#include "golden/tiers/runners.h"
#include "plan/size_text.h"
#include "plan/vram_limit.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

plan::Machine machine_of(const std::string& device, double gib) {
  plan::Machine machine = {.ram_bytes = plan::to_bytes(32)};
  if (device == "cuda") {
    machine.cards = {{.name = "card",
                      .compute = {8, 6},
                      .total_bytes = plan::to_bytes(gib),
                      .free_bytes = plan::to_bytes(gib)}};
  }
  return machine;
}

// The number that the reference reads from the variable, if ours reads it too: 0, negatives, nan,
// infinities and digits grouped by underscores are ignored.
std::optional<double> read_by_both(const json& text) {
  if (!text.is_string() || text.get<std::string>().find('_') != std::string::npos) {
    return std::nullopt;
  }
  try {
    size_t end = 0;
    const std::string digits = text;
    const double value = std::stod(digits, &end);
    const bool is_whole = digits.find_first_not_of(" \t\n", end) == std::string::npos;
    const bool is_hex = digits.find('x') != std::string::npos;
    if (is_whole && !is_hex && std::isfinite(value) && value > 0) return value;
  } catch (const std::exception&) {  // no number at all, or one that overflows
  }
  return std::nullopt;
}

}  // namespace

void run_detect_memory(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    // MAX_MPS_VRAM and MAX_XPU_VRAM, which the reference reads on every device, are not read.
    const json text = call.in.contains("env") ? call.in.at("env").value("MAX_CUDA_VRAM", json())
                                              : call.in.at("MAX_CUDA_VRAM");
    const std::string kind = call.in.at("device");
    const plan::Machine machine = machine_of(kind, call.in.at("real_gb"));
    plan::Simulation simulation;
    if (text.is_string()) simulation.max_gib = plan::read_vram_limit(text.get<std::string>());
    check.equal(call.id + "/is a size", simulation.max_gib.has_value(),
                read_by_both(text).has_value());
    const plan::Device device = plan::choose_device("auto", machine, simulation);
    if (!simulation.max_gib) {  // the card's own size, or the machine's RAM
      const double own = kind == "cuda" ? call.in.at("real_gb").get<double>() : 32.0;
      check.measured(call.id, std::abs(device.tier_gib - own), 1e-9);
      check.equal(call.id + "/cap", device.cap_fraction.has_value(), false);
      return;
    }
    check.equal(call.id, device.tier_gib, call.out.at("value"));
    if (call.out.contains("tier")) {
      check.equal(call.id + "/tier", plan_of(device).tier.value->name,
                  guide_tier(call.out.at("tier"), device.tier_gib));
    }
    const json& fraction = call.out.at("memory_fraction");
    check.equal(call.id + "/has cap", device.cap_fraction.has_value(), !fraction.is_null());
    if (fraction.is_null()) return;
    check.measured(call.id + "/cap", std::abs(*device.cap_fraction - fraction.get<double>()), 1e-9);
  });
}

void run_device_resolution(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const json& available = call.in.at("available");
    const bool has_cuda = std::find(available.begin(), available.end(), "cuda") != available.end();
    const std::string asked = call.in.at("requested");
    const plan::Machine machine = machine_of(has_cuda ? "cuda" : "cpu", 24);
    // The reference takes another device where the asked one is missing; we say so and stop.
    const bool is_missing =
        is_foreign(asked) || asked == "cuda:1" || (asked == "cuda" && !has_cuda);
    if (is_missing) {
      check.equal(call.id, is_refused([&] { plan::choose_device(asked, machine, {}); }), true);
      return;
    }
    const std::string theirs = call.out.at("inference_device");
    const std::string expected = is_foreign(theirs) ? "cpu" : theirs;
    check.equal(call.id, kind_name(plan::choose_device(asked, machine, {}).kind), expected);
  });
}

void run_effective_free(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    if (call.in.contains("device")) return;  // cpu and xpu: no card of ours
    const plan::MemoryCounters counters = {
        .driver_free = plan::to_bytes(call.in.at("driver_free_gb")),
        .reserved = plan::to_bytes(call.in.at("reserved_gb")),
        .allocated = plan::to_bytes(call.in.at("allocated_gb"))};
    const json& text = call.in.at("MAX_CUDA_VRAM");
    std::optional<uint64_t> cap;
    if (text.is_string()) {
      const auto gib = plan::read_vram_limit(text.get<std::string>());
      if (gib && *gib < call.in.at("total_gb").get<double>()) cap = plan::capped_bytes(*gib);
    }
    const double ours = plan::to_gib(plan::usable_bytes(counters, cap));
    check.measured(call.id, std::abs(ours - call.out.at("gb").get<double>()), 1e-8);
  });
}

}  // namespace acestep::golden
