// What songs are made from, in the VAE's latent space.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <vector>

#include "pipeline/batches.h"
#include "pipeline/encode_stage.h"
#include "pipeline/task_source.h"

namespace acestep::pipeline {

// Does any song hear the source? Those with codes of their own do not.
bool is_heard(const std::vector<Batch>& batches);

// Of a source that need not be encoded (TaskSource::needs_encoding): saved latents, with silence
// where the song reaches beyond them, or silence alone. silence: [1, S, 64], the DiT folder's.
SongLatents known_latents(const TaskSource& source, const std::vector<Batch>& batches,
                          const at::Tensor& silence);

// Drawn for every song from a stream of its own, beside the one of its noise; from `global`, if it
// is defined, once for all, as the reference does.
SongLatents encoded_latents(const TaskSource& source, const std::vector<Batch>& batches,
                            EncodeStage& stage, at::Generator global);

}  // namespace acestep::pipeline
