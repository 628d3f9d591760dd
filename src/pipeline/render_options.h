// How a request's fields become the options of the rendering stages.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <optional>
#include <string>
#include <vector>

#include "condition/conditioner.h"
#include "diffusion/denoiser.h"
#include "diffusion/flow_edit.h"
#include "models/dit_config.h"
#include "pipeline/batches.h"
#include "request/generation_request.h"
#include "song/composition.h"
#include "text/dit_prompt.h"
#include "text/tokenizer.h"

namespace acestep::pipeline {

// A text given to the text encoder.
struct EncodedText {
  std::string text;
  std::vector<int64_t> ids;  // after truncation
};

// The two texts that the DiT is conditioned on.
text::DitPrompt dit_prompt_of(const song::Composition& composition, const std::string& instruction);

// The request's own, else its task's; text2music with codes has that of a cover.
std::string instruction_of(const request::GenerationRequest& request, bool has_codes);

struct ConditionFacts {
  const request::GenerationRequest& request;
  const Batch& batch;
  const text::Tokenizer& tokenizer;
  const models::DitConfig& config;
};
// One per song of the batch, without sources. The texts for the text encoder are added to `texts`.
std::vector<condition::ConditionRequest> condition_requests(const ConditionFacts& facts,
                                                            std::vector<EncodedText>& texts);

diffusion::DenoiseOptions denoise_options(const request::GenerationRequest& request,
                                          const models::DitConfig& config,
                                          bool follows_reference = false);

// Absent: no flow edit was asked for.
std::optional<diffusion::FlowEditOptions> flow_edit_options(
    const request::GenerationRequest& request, const models::DitConfig& config,
    bool follows_reference);

struct NoiseSources {
  at::Device model_device = at::kCPU;
  at::Device random_device = at::kCPU;
  at::Generator shared;  // SDE noise of the whole batch is drawn from it; undefined: per song
};

// The random part of one batch: every song's stream starts with the noise its song starts from.
class BatchNoise {
 public:
  BatchNoise(const Batch& batch, const request::GenerationRequest& request, int64_t frames,
             const NoiseSources& sources);

  // Refers to this object.
  diffusion::DenoiseNoise for_denoiser() { return {start_, &steps_}; }

 private:
  diffusion::NoiseStreams steps_;
  at::Tensor start_;  // [B, frames, 64] float32 on the model's device
};

// The noise of a flow edit: of a stream per song, from its retake seed where it has one.
diffusion::NoiseStreams edit_noise(const Batch& batch, const NoiseSources& sources);

// Throws Error kRejected naming the first song, counted from `first_song`, whose latents are all
// zero: that is no song, whatever made it. latents: [B, T, 64] after the last of `steps`.
void require_signal(const at::Tensor& latents, int64_t steps, int64_t first_song);

}  // namespace acestep::pipeline
