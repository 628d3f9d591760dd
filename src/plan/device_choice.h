// Which processor or card makes the songs, and the memory size that its tier is looked up with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::plan {

// What kernels a card can run.
struct Capability {
  int major = 0;
  int minor = 0;
  bool is_rocm = false;

  // NVIDIA cards before Volta: no fast backend, no int8 tensor instructions worth their rounding.
  bool is_legacy_cuda() const { return !is_rocm && major < 7; }
  bool has_bfloat16() const { return !is_rocm && major >= 8; }
};

// "8.6" or "rocm:6.1"; throws Error kUsage for anything else.
Capability parse_capability(std::string_view text);
// "8.6", "rocm:6.1"
std::string capability_text(const Capability& capability);

enum class DeviceKind { kCpu, kCuda, kRocm, kSimulated };
// "cpu", "cuda", "rocm", "sim"
std::string_view kind_name(DeviceKind kind);

struct Card {
  std::string name;
  Capability compute = {};
  uint64_t total_bytes = 0;
  uint64_t free_bytes = 0;
};

struct Machine {
  std::vector<Card> cards = {};  // in CUDA's order
  std::string why_no_card = {};  // in the loader's words
  std::string processor = {};
  uint64_t ram_bytes = 0;
  uint64_t free_ram_bytes = 0;
};

struct Simulation {
  std::optional<double> max_gib = {};      // --max_vram, MAX_CUDA_VRAM
  std::vector<double> cards_gib = {};      // --sim_cards
  std::optional<Capability> compute = {};  // --sim_compute
  double cap_scale =
      1;  // --sim_scale: of a simulated card's cap, for models smaller than published
};

struct Device {
  DeviceKind kind = DeviceKind::kCpu;
  int index = 0;  // of the card
  std::string name = {};
  std::optional<Capability> compute = {};  // absent on the CPU, and unless it is simulated
  uint64_t total_bytes = 0;                // of the card, or of the machine's RAM
  uint64_t free_bytes = 0;
  double tier_gib = 0;                       // what the tier is looked up with
  std::optional<double> simulated_gib = {};  // the size asked for
  std::optional<uint64_t> cap_bytes = {};    // hard limit of the allocator
  std::optional<double> cap_fraction = {};   // the same as a part of a real card

  bool is_gpu() const { return kind != DeviceKind::kCpu; }
};

// asked: "auto", "cpu", "cuda", "cuda:N", "sim", "sim:N". auto is the first card; a simulated one
// where a size is given and there is none; else the CPU. A simulated card without a size has the
// machine's RAM and no cap. Throws Error kUsage for a card that is not there.
Device choose_device(const std::string& asked, const Machine& machine,
                     const Simulation& simulation);

// "8,24" -> sizes in GiB. Throws Error kUsage naming the piece that is no size.
std::vector<double> parse_sizes(std::string_view text);

}  // namespace acestep::plan
