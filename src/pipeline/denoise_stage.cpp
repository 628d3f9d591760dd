#include "pipeline/denoise_stage.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "condition/join.h"
#include "diffusion/dit_velocity.h"
#include "diffusion/flow_edit.h"
#include "memory/oom_ladder.h"
#include "pipeline/memory_measures.h"

namespace acestep::pipeline {

DenoiseStage::DenoiseStage(Components& components, const EngineOptions& options,
                           const DenoiseInput& input, const song::StageContext& context)
    : components_(components),
      input_(input),
      context_(context),
      noise_{.model_device = components.device(),
             .random_device = options.random_source == RandomSource::kDevice ? components.device()
                                                                             : at::Device(at::kCPU),
             .shared = input.global},
      how_(denoise_options(input.request, components.dit_config(), options.follows_reference)),
      edit_(flow_edit_options(input.request, components.dit_config(), options.follows_reference)),
      together_(static_cast<std::size_t>(std::max<int64_t>(1, options.songs_together))) {}

void DenoiseStage::show_to(Previewer& previewer) {
  how_.on_estimate = [this, &previewer](const at::Tensor& latents, int64_t steps_done) {
    std::size_t first_song = 0;
    for (std::size_t i = 0; i < done_.size(); ++i) first_song += input_.batches[i].seeds.size();
    previewer.look_at({.latents = latents,
                       .first_song = first_song,
                       .steps_done = steps_done,
                       .steps = how_.schedule.steps()});
  };
}

std::vector<song::Latents> DenoiseStage::run() {
  memory::run_on_ladder(
      "denoise", [this] { finish_all(); },
      allowed(components_,
              {[this] { return offload_idle_models(components_); },
               [this] { return halve_group(); }, [this] { return stream_blocks(components_); }}),
      context_.observer);
  return std::move(done_);
}

// What was done before memory ran out stays done.
void DenoiseStage::finish_all() {
  const auto model = components_.diffusion_model();
  const bool is_guided = how_.guidance.scale > 1.0;
  const at::Tensor nothing = is_guided ? model->null_condition : at::Tensor();
  diffusion::DitVelocity velocity(model->dit, nothing, model.gate());
  if (!edit_) {
    diffusion::Denoiser denoiser(velocity);
    return take_all([&](const song::Conditioning& conditioning, const Batch& batch) {
      BatchNoise noise(batch, input_.request, conditioning.frames, noise_);
      return denoiser.run(conditioning, noise.for_denoiser(), how_, context_);
    });
  }
  diffusion::DitVelocity of_source(model->dit, nothing, model.gate());
  diffusion::FlowEditor editor(of_source, velocity);
  take_all([&](const song::Conditioning& conditioning, const Batch& batch) {
    diffusion::NoiseStreams noise = edit_noise(batch, noise_);
    return editor.run(conditioning, noise, *edit_, context_);
  });
}

void DenoiseStage::take_all(const Sampler& sampler) {
  while (done_.size() < input_.batches.size()) take_group(sampler, group_end());
}

// Behind the last batch that goes with the next one.
std::size_t DenoiseStage::group_end() const {
  const std::size_t first = done_.size();
  std::size_t end = first + 1;
  while (end < input_.batches.size() && end - first < together_ &&
         condition::can_join(input_.conditions[first], input_.conditions[end])) {
    ++end;
  }
  return end;
}

void DenoiseStage::take_group(const Sampler& sampler, std::size_t end) {
  const auto first = static_cast<std::ptrdiff_t>(done_.size());
  const auto last = static_cast<std::ptrdiff_t>(end);
  const song::Conditioning conditioning =
      condition::join({input_.conditions.begin() + first, input_.conditions.begin() + last});
  Batch batch;
  for (std::size_t i = done_.size(); i < end; ++i) {
    const std::vector<SongSeeds>& seeds = input_.batches[i].seeds;
    batch.seeds.insert(batch.seeds.end(), seeds.begin(), seeds.end());
  }
  const song::Latents latents = sampler(conditioning, batch);
  require_signal(latents.values, schedule().steps(), static_cast<int64_t>(done_.size()) + 1);
  int64_t row = 0;
  for (std::size_t i = done_.size(); i < end; ++i) {
    const auto songs = static_cast<int64_t>(input_.batches[i].seeds.size());
    done_.push_back({latents.values.narrow(0, row, songs)});
    row += songs;
  }
}

std::optional<song::Adjustment> DenoiseStage::halve_group() {
  const std::size_t group = group_end() - done_.size();
  if (group < 2) return std::nullopt;
  together_ = group / 2;
  return song::Adjustment{"songs_together", std::to_string(group), std::to_string(together_), {}};
}

}  // namespace acestep::pipeline
