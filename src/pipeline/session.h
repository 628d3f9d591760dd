// A machine with models on it that turns requests into files, one after another.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "device/cuda_backend.h"
#include "pipeline/run_options.h"
#include "pipeline/song_plan.h"
#include "song/observer.h"
#include "util/stop_token.h"

namespace acestep::pipeline {

class Session {
 public:
  // Touches nothing yet. cuda: what main found at its start.
  Session(MachineOptions options, device::CudaBackend cuda);
  ~Session();

  const MachineOptions& options() const { return options_; }

  // Renders and writes all songs, each as soon as it is done. Returns the result object of
  // docs/CLI.md ("success" is true; failures are exceptions). observer also hears the adjustments.
  // Throws Error; songs before the failing one are then written.
  nlohmann::json generate(const SongPlan& plan, const RunOptions& run, const OutputOptions& output,
                          song::Observer& observer, const util::StopToken& stop);

 private:
  struct Machine;
  Machine& machine();

  MachineOptions options_;
  device::CudaBackend cuda_;
  std::unique_ptr<Machine> machine_;
};

}  // namespace acestep::pipeline
