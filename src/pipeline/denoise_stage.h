// The DiT's stage: conditions become latents, several songs at once where the plan and their shapes
// allow it.
#pragma once

#include <ATen/core/Generator.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "diffusion/denoiser.h"
#include "diffusion/flow_edit.h"
#include "pipeline/batches.h"
#include "pipeline/components.h"
#include "pipeline/engine_options.h"
#include "pipeline/preview.h"
#include "pipeline/render_options.h"
#include "request/generation_request.h"
#include "song/conditioning.h"
#include "song/latents.h"
#include "song/stage_context.h"

namespace acestep::pipeline {

struct DenoiseInput {
  const request::GenerationRequest& request;
  const std::vector<Batch>& batches;
  const std::vector<song::Conditioning>& conditions;  // one per batch
  at::Generator global = {};  // the reference's one generator; undefined: one per song
};

// Not thread-safe.
class DenoiseStage {
 public:
  // All references must outlive the stage.
  DenoiseStage(Components& components, const EngineOptions& options, const DenoiseInput& input,
               const song::StageContext& context);

  // Shows what songs would become after every step. It must outlive run().
  void show_to(Previewer& previewer);

  // One per batch, in order. Where memory runs out: idle models leave the device, fewer songs at
  // once, the DiT's blocks stream; each is told. Throws Error kMemory when nothing helps, Error
  // kRejected for latents that are no song.
  std::vector<song::Latents> run();

  const diffusion::Schedule& schedule() const { return edit_ ? edit_->schedule : how_.schedule; }

 private:
  using Sampler = std::function<song::Latents(const song::Conditioning&, const Batch&)>;

  void finish_all();
  void take_all(const Sampler& sampler);
  void take_group(const Sampler& sampler, std::size_t end);
  std::size_t group_end() const;
  std::optional<song::Adjustment> halve_group();

  Components& components_;
  const DenoiseInput& input_;
  const song::StageContext& context_;
  NoiseSources noise_;
  diffusion::DenoiseOptions how_;
  std::optional<diffusion::FlowEditOptions> edit_;  // instead
  std::size_t together_;                            // batches at most
  std::vector<song::Latents> done_;
};

}  // namespace acestep::pipeline
