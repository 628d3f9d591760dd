#include "plan/device_choice.h"

#include <algorithm>
#include <charconv>

#include "plan/size_text.h"
#include "plan/tier.h"
#include "plan/vram_limit.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::plan {
namespace {

// "cuda:1" -> kind "cuda", index 1; "cuda" -> 0.
struct Asked {
  std::string kind;
  int index = 0;
};

[[noreturn]] void refuse(const std::string& device) {
  throw Error(ErrorCode::kUsage, "--device " + request::in_quotes(device) + " is not a device",
              "use auto, cpu, cuda, cuda:N or sim");
}

Asked parse_device(const std::string& device) {
  const size_t colon = device.find(':');
  Asked asked{.kind = device.substr(0, colon)};
  const bool has_cards = asked.kind == "cuda" || asked.kind == "sim";
  if (colon == std::string::npos) {
    if (!has_cards && asked.kind != "cpu" && asked.kind != "auto") refuse(device);
    return asked;
  }
  const char* last = device.data() + device.size();
  const auto [end, error] = std::from_chars(device.data() + colon + 1, last, asked.index);
  if (!has_cards || error != std::errc() || end != last || asked.index < 0) refuse(device);
  return asked;
}

// Of each simulated card.
std::vector<double> simulated_sizes(const Simulation& simulation) {
  if (!simulation.cards_gib.empty()) return simulation.cards_gib;
  if (simulation.max_gib) return {*simulation.max_gib};
  return {};
}

Device cpu_device(const Machine& machine, const Simulation& simulation) {
  return {.kind = DeviceKind::kCpu,
          .name = machine.processor,
          .total_bytes = machine.ram_bytes,
          .free_bytes = machine.free_ram_bytes,
          .tier_gib = simulation.max_gib.value_or(to_gib(machine.ram_bytes)),
          .simulated_gib = simulation.max_gib};
}

void require_card(const std::string& device, int index, size_t count) {
  if (static_cast<size_t>(index) < count) return;
  throw Error(ErrorCode::kUsage,
              "--device " + device + " is not there: " + std::to_string(count) + " card(s) found",
              "use a smaller number or --device cpu");
}

Device real_device(const std::string& asked, int index, const Machine& machine,
                   const Simulation& simulation) {
  require_card(asked, index, machine.cards.size());
  const Card& card = machine.cards[static_cast<size_t>(index)];
  Device device = {.kind = card.compute.is_rocm ? DeviceKind::kRocm : DeviceKind::kCuda,
                   .index = index,
                   .name = card.name,
                   .compute = simulation.compute ? simulation.compute : card.compute,
                   .total_bytes = card.total_bytes,
                   .free_bytes = card.free_bytes,
                   .tier_gib = nominal_gib(to_gib(card.total_bytes)),
                   .simulated_gib = simulation.max_gib};
  if (!simulation.max_gib) return device;
  device.tier_gib = *simulation.max_gib;
  if (*simulation.max_gib >= to_gib(card.total_bytes)) return device;  // a larger card: no cap
  device.cap_bytes = capped_bytes(*simulation.max_gib);
  // The allocator takes no part below a hundredth (reference: gpu_config.py).
  device.cap_fraction = std::clamp(to_gib(*device.cap_bytes) / to_gib(card.total_bytes), 0.01, 1.0);
  device.free_bytes = std::min(device.free_bytes, *device.cap_bytes);
  return device;
}

Device simulated_device(const std::string& asked, int index, const Machine& machine,
                        const Simulation& simulation) {
  const std::vector<double> sizes = simulated_sizes(simulation);
  require_card(asked, index, std::max<size_t>(sizes.size(), 1));
  Device device = {.kind = DeviceKind::kSimulated,
                   .index = index,
                   .name = "simulated card",
                   .compute = simulation.compute,
                   .total_bytes = machine.ram_bytes,
                   .free_bytes = machine.free_ram_bytes,
                   .tier_gib = to_gib(machine.ram_bytes)};
  if (sizes.empty()) return device;
  const double size = sizes[static_cast<size_t>(index)];
  const double gib = simulation.max_gib.value_or(size);
  const auto cap = static_cast<double>(capped_bytes(std::min(gib, size)));
  device.name += " of " + size_text(size);
  device.total_bytes = to_bytes(size);
  device.cap_bytes = static_cast<uint64_t>(cap * simulation.cap_scale);
  device.free_bytes = *device.cap_bytes;
  device.tier_gib = gib;
  device.simulated_gib = gib;
  return device;
}

}  // namespace

std::string_view kind_name(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::kCpu:
      return "cpu";
    case DeviceKind::kCuda:
      return "cuda";
    case DeviceKind::kRocm:
      return "rocm";
    case DeviceKind::kSimulated:
      return "sim";
  }
  return "";
}

Capability parse_capability(std::string_view text) {
  constexpr std::string_view kRocm = "rocm:";
  Capability capability;
  std::string_view digits = text;
  if (digits.starts_with(kRocm)) {
    capability.is_rocm = true;
    digits.remove_prefix(kRocm.size());
  }
  const char* last = digits.data() + digits.size();
  const auto major = std::from_chars(digits.data(), last, capability.major);
  bool is_good = major.ec == std::errc() && major.ptr != last && *major.ptr == '.';
  if (is_good) {
    const auto minor = std::from_chars(major.ptr + 1, last, capability.minor);
    is_good = minor.ec == std::errc() && minor.ptr == last && capability.major >= 0 &&
              capability.minor >= 0;
  }
  if (is_good) return capability;
  throw Error(ErrorCode::kUsage,
              "--sim_compute " + request::in_quotes(text) + " is no compute capability",
              "such as 6.1, 8.6 or rocm:9.4");
}

std::string capability_text(const Capability& capability) {
  return (capability.is_rocm ? "rocm:" : "") + std::to_string(capability.major) + "." +
         std::to_string(capability.minor);
}

std::vector<double> parse_sizes(std::string_view text) {
  std::vector<double> sizes;
  for (const std::string& piece : request::split_any(text, ", ")) {
    const auto gib = read_vram_limit(piece);
    if (!gib) {
      throw Error(ErrorCode::kUsage,
                  "--sim_cards: " + request::in_quotes(piece) + " is no size of a card",
                  "sizes in GB, such as 8,24");
    }
    sizes.push_back(*gib);
  }
  return sizes;
}

Device choose_device(const std::string& asked, const Machine& machine,
                     const Simulation& simulation) {
  const Asked device = parse_device(asked);
  const bool has_cards = !machine.cards.empty();
  const bool can_simulate = !simulated_sizes(simulation).empty();
  if (device.kind == "cpu") return cpu_device(machine, simulation);
  if (device.kind == "sim") return simulated_device(asked, device.index, machine, simulation);
  // Cards that are listed stand in for the machine's own.
  if (!simulation.cards_gib.empty())
    return simulated_device(asked, device.index, machine, simulation);
  if (has_cards) return real_device(asked, device.index, machine, simulation);
  if (can_simulate) return simulated_device(asked, device.index, machine, simulation);
  if (device.kind == "auto") return cpu_device(machine, simulation);
  throw Error(ErrorCode::kUsage, "--device " + asked + " cannot be used: " + machine.why_no_card,
              "use --device cpu or auto");
}

}  // namespace acestep::plan
