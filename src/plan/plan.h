// Every decision that depends on the machine, made once, before a model is touched: the same
// device, wishes and song always give the same plan.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/backend_choice.h"
#include "plan/device_choice.h"
#include "plan/tier.h"
#include "plan/transformer.h"
#include "request/findings.h"

namespace acestep::plan {

// Who decided a value.
enum class Source {
  kDefault,    // the tier, or what holds everywhere
  kUser,       // asked for, and granted
  kForced,     // something else left no choice
  kSimulated,  // the default of a size that is simulated
};
// "default", "user", "forced", "simulated"
std::string_view source_name(Source source);

template <typename T>
struct Decided {
  T value = {};
  std::string reason = {};
  Source source = Source::kDefault;
};

// What the user asked for; absent: left open.
struct Wishes {
  std::optional<std::string> tier = {};
  std::optional<std::string> dit = {};      // a name or a folder
  std::optional<bool> language_model = {};  // --thinking, or a model by name; false: none
  std::optional<std::string> lm = {};       // a name or a folder
  std::optional<std::string> backend = {};  // auto, pt, vllm, fast, mlx
  std::optional<bool> offload_to_cpu = {};
  std::optional<bool> offload_dit_to_cpu = {};
  std::optional<bool> stream_dit_blocks = {};
  std::optional<std::string> quantization = {};     // of the diffusion model; see kQuantizations
  std::optional<std::string> lm_quantization = {};  // none, int8_weight_only
  std::optional<std::string> dtype = {};            // fp32, bf16, fp16
  std::optional<int64_t> songs_together = {};       // computed at once
  std::optional<int64_t> vae_chunk_frames = {};     // latent frames of a tile
  std::optional<int64_t> vae_overlap_frames = {};
  std::optional<bool> vae_on_cpu = {};
  std::optional<bool> compile_model = {};
  bool allow_unsupported = false;  // take the user's word where the table says no
  bool follows_reference = false;  // --compat reference: its tier of a processor, its tiles
};

struct SongFacts {
  std::optional<double> seconds = {};  // absent: the language model decides
  int64_t songs = 1;
};

// What is installed, and what the processor does well.
struct Surroundings {
  std::string usual_dit = "acestep-v15-turbo";  // taken when none is named
  std::vector<std::string> lms_on_disk = {};
  bool has_fast_bfloat16 = false;  // the processor
};

// "none" … what --quantization takes.
inline constexpr std::string_view kQuantizations[] = {"none", "int8_weight_only", "w8a8_dynamic",
                                                      "fp8_weight_only"};

struct Plan {
  Device device;
  Decided<const Tier*> tier;
  BackendRule backends;

  Decided<std::string> dit_model;
  Decided<bool> init_lm;
  Decided<std::string> lm_model;   // "" without one
  Decided<std::string> lm_device;  // "cpu", or the device's kind
  Decided<std::string> lm_backend;
  Decided<bool> offload_to_cpu;
  Decided<bool> offload_dit_to_cpu;
  Decided<bool> stream_dit_blocks;  // two blocks of it on the card at a time
  Decided<std::string> quantization;
  Decided<std::string> lm_quantization;
  Decided<std::string> dtype;
  Decided<std::string> attention;  // "sdpa", or "eager": plain products
  Decided<bool> compile_model;
  Decided<std::optional<double>> duration;  // seconds; absent: the language model decides
  Decided<double> max_duration;             // seconds, of this run
  Decided<int64_t> songs_together;          // computed at once; the others follow in turns
  Decided<int64_t> max_songs_together;
  Decided<std::optional<int64_t>> vae_chunk_frames;  // absent: by free memory, when decoding
  Decided<std::optional<int64_t>> vae_overlap_frames;
  Decided<bool> vae_on_cpu;

  // What is not as asked, each with its reason. --strict makes errors of the adjustments.
  request::Findings findings;

  DitKind dit() const { return dit_kind_of(dit_model.value); }
};

// Never fails for a choice that does not fit: that becomes an adjustment, and the plan goes on.
// Throws Error kUsage for names that are none (tier, backend, quantization).
Plan make_plan(const Device& device, const Wishes& wishes, const SongFacts& song,
               const Surroundings& surroundings);

}  // namespace acestep::plan
