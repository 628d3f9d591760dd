// One whole run: from a request to files and the JSON that tells about them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "device/cuda_backend.h"
#include "pipeline/song_names.h"
#include "request/generation_request.h"
#include "song/observer.h"
#include "util/stop_token.h"

namespace acestep::pipeline {

struct RunOptions {
  std::filesystem::path checkpoint_dir;
  std::string dit_model;        // name or folder; empty: the best one found
  std::string lm_model;         // name or folder; "none"; empty: the best one found
  std::string device = "auto";  // auto, cpu, cuda, cuda:N
  std::string dtype = "auto";   // auto, fp32, bf16, fp16
  std::string rng = "cpu";      // cpu, device
  int threads = 0;              // 0: all cores
  bool follows_reference = false;
  std::optional<uint64_t> global_seed;  // with follows_reference
  bool print_prompts = false;           // adds extra_outputs.prompts
  device::CudaBackend cuda;             // what main found at its start
};

// Renders and writes all songs. Returns the result object of docs/CLI.md ("success" is true;
// failures are exceptions). observer also hears the adjustments. Throws Error.
nlohmann::json run_generate(const request::GenerationRequest& request, const RunOptions& options,
                            const OutputOptions& output, song::Observer& observer,
                            const util::StopToken& stop);

}  // namespace acestep::pipeline
