// A machine with models on it that turns requests into files, one after another.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "device/cuda_backend.h"
#include "pipeline/song_names.h"
#include "request/generation_request.h"
#include "song/observer.h"
#include "util/stop_token.h"

namespace acestep::pipeline {

// What requests must share to use the same loaded models.
struct MachineOptions {
  std::filesystem::path checkpoint_dir;
  std::string dit_model;         // name or folder; empty: the best one found
  std::string lm_model;          // name or folder; "none"; empty: the best one found
  std::string vae = "official";  // official, scragvae, or a folder
  std::string device = "auto";   // auto, cpu, cuda, cuda:N
  std::string dtype = "auto";    // auto, fp32, bf16, fp16
  int threads = 0;               // 0: all cores
  bool keeps_models = false;     // between requests

  bool operator==(const MachineOptions&) const = default;
};

// What may differ from request to request.
struct RunOptions {
  std::string rng = "cpu";              // cpu, device
  bool follows_reference = false;       // docs/PARITY.md
  std::optional<uint64_t> global_seed;  // with follows_reference
  bool print_prompts = false;           // adds extra_outputs.prompts
};

class Session {
 public:
  // Touches nothing yet. cuda: what main found at its start.
  Session(MachineOptions options, device::CudaBackend cuda);
  ~Session();

  const MachineOptions& options() const { return options_; }

  // Renders and writes all songs, each as soon as it is done. Returns the result object of
  // docs/CLI.md ("success" is true; failures are exceptions). observer also hears the adjustments.
  // Throws Error; songs before the failing one are then written.
  nlohmann::json generate(const request::GenerationRequest& request, const RunOptions& run,
                          const OutputOptions& output, song::Observer& observer,
                          const util::StopToken& stop);

 private:
  struct Machine;
  Machine& machine();

  MachineOptions options_;
  device::CudaBackend cuda_;
  std::unique_ptr<Machine> machine_;
};

}  // namespace acestep::pipeline
