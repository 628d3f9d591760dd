// What a run needs to know besides the request.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace acestep::pipeline {

// What requests must share to use the same loaded models.
struct MachineOptions {
  std::filesystem::path checkpoint_dir;
  std::string dit_model;                 // name or folder; empty: the best one found
  std::string lm_model;                  // name or folder; "none"; empty: the best one found
  std::string vae = "official";          // official, scragvae, or a folder
  std::string device = "auto";           // auto, cpu, cuda, cuda:N, sim
  std::string dtype = "auto";            // auto, fp32, bf16, fp16
  std::string quantization = "none";     // of the DiT: none, int8_weight_only, w8a8_dynamic
  std::string lm_quantization = "none";  // none, int8_weight_only
  int threads = 0;                       // 0: all cores
  bool keeps_models = false;             // between requests

  bool operator==(const MachineOptions&) const = default;
};

// What may differ from request to request.
struct RunOptions {
  std::string rng = "cpu";              // cpu, device
  bool follows_reference = false;       // docs/PARITY.md
  std::optional<uint64_t> global_seed;  // with follows_reference
  bool print_prompts = false;           // adds extra_outputs.prompts
};

}  // namespace acestep::pipeline
