// The table of memory tiers: what a graphics card of a given size can do. Every tier number of the
// program is read from here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace acestep::plan {

enum class LmSize { k0_6B, k1_7B, k4B };  // of the 5 Hz language model

// How well the 4B diffusion models (XL) run.
enum class XlSupport {
  kNo,
  kMarginal,  // with everything offloaded, INT8 and few songs at once
  kOffload,   // with CPU offload
  kFull,
};

enum class Offload {
  kNone,       // every model stays on the card
  kCpu,        // text encoder, VAE and language model leave when idle
  kCpuAndDit,  // so does the diffusion model
};

struct Limits {
  int64_t seconds = 0;  // longest song
  int64_t songs = 0;    // computed together
};

struct Tier {
  std::string_view name;   // "tier6a"
  std::string_view range;  // "16-20 GB"
  double upper_gib = 0;    // where the next tier begins
  bool has_upper = false;  // upper_gib itself still belongs here
  XlSupport xl = XlSupport::kNo;
  std::vector<LmSize> lm_sizes = {};  // that may be loaded, smallest first
  std::optional<LmSize> recommended_lm = {};
  std::string_view lm_backend;  // "pt", "vllm"
  Limits with_lm = {};
  Limits without_lm = {};
  Offload offload = Offload::kNone;
  bool quantizes = false;  // INT8 weights by default

  bool has_language_model() const { return !lm_sizes.empty(); }
  bool offloads_to_cpu() const { return offload != Offload::kNone; }
  bool offloads_dit() const { return offload == Offload::kCpuAndDit; }
  bool allows(LmSize size) const;
  const Limits& limits(bool with_language_model) const {
    return with_language_model ? with_lm : without_lm;
  }
};

// Smallest first.
std::span<const Tier> all_tiers();

// The tier of a size as it stands: see nominal_gib() for what real cards report.
const Tier& tier_for(double gib);

// "tier4"; "tier6" means tier6b, as in the reference. Null for other names.
const Tier* find_tier(std::string_view name);

// The size on the box of a card that reports a little less: 7.6 -> 8, 23.6 -> 24. What is more than
// 5.5 % below every usual size stays: 14.75.
double nominal_gib(double reported_gib);

// From these sizes on the settings change; reasons name them.
double first_gib_without_offload();       // 20
double first_gib_with_dit_resident();     // 12
double first_gib_without_quantization();  // 20

}  // namespace acestep::plan
