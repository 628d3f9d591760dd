// Everything one run of the program can be told: the request, and how and where to carry it out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "request/generation_request.h"

namespace acestep::request {

// How and where a request is carried out. Empty strings are resolved by presets.cpp or the command.
struct RunSettings {
  std::string config_path;      // DiT model: a name in checkpoint_dir or a folder
  std::string lm_model_path;    // empty: the installed one; "none": no language model
  std::string checkpoint_dir;   // empty: <project_root>/checkpoints; "tiny": the embedded model
  std::string project_root;     // empty: the current folder
  std::string device = "auto";  // auto, cpu, cuda, cuda:N, sim
  std::string dtype = "auto";   // auto, fp32, bf16, fp16
  std::string rng = "cpu";      // where random numbers are drawn: cpu, device
  std::string compat = "none";  // none, reference
  std::optional<int64_t> global_seed;  // with compat reference: seed of its one global generator
  std::optional<int64_t> python_seed;  // likewise: of Python's generator, for reference windows
  std::string decoder;                 // argument vector as a JSON list; empty: none
  int64_t threads = 0;                 // 0: all cores
  std::string vae_checkpoint = "official";   // official, scragvae, or a folder
  bool keep_loaded = false;                  // models stay in memory between songs
  std::optional<double> generation_timeout;  // seconds for one request
  bool offline = false;

  std::string save_dir = "output";
  std::string output;  // one exact file; "-": standard output; empty: save_dir / name_template
  std::string name_template = "{date}-{slug}-{seed}-{index}";
  bool force = false;  // replace existing files
  bool sidecar = true;
  bool save_latents = false;
  bool save_codes = false;
  bool plot = false;                     // NAME.svg
  std::optional<double> preview;         // seconds of NAME.preview.wav, while it is denoised
  std::optional<int64_t> preview_steps;  // between two previews; absent: a quarter of all
  bool print_prompts = false;
  std::string keep_codes;  // file for what the language model made of the request; empty: none
  bool lm_only = false;    // stop there
};

// What changes the diffusion model's weights (docs/ADAPTERS.md).
struct AdapterSettings {
  std::vector<std::string> lora;     // "PATH:SCALE" or "PATH" each (request/adapter_text.h)
  std::optional<double> lora_scale;  // of those that name none; absent: 1
  std::string adapter_dir;           // where names are looked up; empty: project_root / adapters
};

// Wishes about memory. What is left open, "auto" or absent, the tier decides (plan/plan.h).
struct MemorySettings {
  std::string tier = "auto";     // tier1 … tier5, tier6a, tier6b, unlimited
  std::string max_vram;          // GB of a simulated card, as typed; empty: the real one
  std::string sim_cards;         // GB of several simulated cards: "8,24"
  std::string sim_compute;       // their compute capability: "6.1", "rocm:9.4"
  std::string sim_scale = "1";   // of a simulated card's cap, not its tier: auto, or a factor
  std::string backend = "auto";  // how the language model decodes: auto, pt, vllm, fast, mlx
  std::optional<bool> offload_to_cpu;
  std::optional<bool> offload_dit_to_cpu;
  std::optional<bool> stream_dit_blocks;
  std::string quantization = "auto";     // none, int8_weight_only, w8a8_dynamic, fp8_weight_only
  std::string lm_quantization = "auto";  // none, int8_weight_only
  std::optional<int64_t> songs_together;
  std::optional<int64_t> vae_chunk_size;  // latent frames, 25 a second
  std::optional<int64_t> vae_overlap;     // likewise
  std::optional<bool> vae_on_cpu;
  std::optional<bool> compile_model;
  bool allow_unsupported = false;
};

// What the terminal shows, and how strict it is.
struct TerminalSettings {
  bool dry_run = false;
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  std::string log_level = "INFO";   // TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL
  std::string log_file;             // empty: none
  std::string log_format = "text";  // text, json
  std::string color = "auto";       // auto, always, never
  bool yes = false;                 // to every question
  std::string progress = "auto";    // auto, bar, plain, json, none
  bool strict = false;              // adjustments become errors
  bool strict_config = false;       // unknown keys in files become errors
};

// What is made of a finished song besides its sound, and which songs are kept.
struct ReviewSettings {
  bool lrc = false;          // write the lyrics with their times beside the song
  bool score = false;        // tell how well lyrics and words are met
  int64_t keep_best = 0;     // songs that are written; 0: all
  std::string by = "score";  // what they are chosen by: score, lyrics, lm
};

// Seeds as written, before resolve_seed_fields() turns them into GenerationRequest::seeds.
struct SeedSettings {
  std::optional<int64_t> seed;  // -1: random
  bool use_random_seed = true;
};

// One flat name space, so that one table (request_fields.h) can point at every member.
struct Settings final : GenerationRequest,
                        RunSettings,
                        AdapterSettings,
                        MemorySettings,
                        TerminalSettings,
                        ReviewSettings,
                        SeedSettings {};

}  // namespace acestep::request
