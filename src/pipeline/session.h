// A machine with models on it that turns requests into files, one after another.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "device/cuda_backend.h"
#include "pipeline/engine.h"
#include "pipeline/model_folders.h"
#include "pipeline/run_options.h"
#include "pipeline/song_plan.h"
#include "song/observer.h"
#include "util/stop_token.h"

namespace acestep::pipeline {

// What the language model made of a request (pipeline/composed_request.h), one for every song.
struct ComposedRequests {
  std::vector<nlohmann::json> requests;
  nlohmann::json adjustments;
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
  nlohmann::json generate(const SongPlan& plan, const RunOptions& run, const OutputOptions& output,
                          song::Observer& observer, const util::StopToken& stop);

  // The language model's part of it alone; no other model needs to be there.
  ComposedRequests compose(const SongPlan& plan, const RunOptions& run, song::Observer& observer,
                           const util::StopToken& stop);
  // Times and scores of a song that was made before, as run.review asks. Throws Error.
  Review review(const FinishedSong& song, const RunOptions& run, song::Observer& observer,
                const util::StopToken& stop);

 private:
  struct Machine;
  Machine& machine(const ModelNeeds& needs = {});

  MachineOptions options_;
  device::CudaBackend cuda_;
  std::unique_ptr<Machine> machine_;
};

}  // namespace acestep::pipeline
