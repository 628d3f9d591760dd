// From noise to music in latent space: the sampling loop.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>

#include "diffusion/dcw.h"
#include "diffusion/guidance.h"
#include "diffusion/noise.h"
#include "diffusion/schedule.h"
#include "diffusion/solver.h"
#include "diffusion/velocity_model.h"
#include "song/conditioning.h"
#include "song/latents.h"
#include "song/stage_context.h"

namespace acestep::diffusion {

// Is shown where the latents would arrive if the rest of the way were straight: [B, T, 64] float32
// on the model's device, after a step that is not the last.
using EstimateListener = std::function<void(const at::Tensor& estimate, int64_t steps_done)>;

struct DenoiseOptions {
  Schedule schedule = {};
  SolverMethod method = SolverMethod::kEuler;
  GuidanceOptions guidance = {};
  DcwOptions dcw = {};
  double velocity_norm_threshold = 0.0;  // 0: off
  double velocity_ema_factor = 0.0;      // 0: off
  double injection_ratio = 0.5;   // share of the steps after which the kept source is put back
  int64_t crossfade_frames = 10;  // of the kept source at the seams of the new part; 0: hard cut
  EstimateListener on_estimate = {};  // empty: nobody asks
};

// The random part of a batch.
struct DenoiseNoise {
  at::Tensor start = {};          // [B, T, 64] float32 on the model's device
  NoiseStreams* steps = nullptr;  // drawn from once per step by SDE; else may be absent
};

class Denoiser {
 public:
  // Must not outlive the model. With guidance the model must serve doubled batches.
  explicit Denoiser(VelocityModel& model) : model_(model) {}

  // All arithmetic between the model's calls is float32. Tells the observer each finished step and
  // asks check_stop before each. Throws Error kRejected naming the step whose result is not finite.
  song::Latents run(const song::Conditioning& conditioning, const DenoiseNoise& noise,
                    const DenoiseOptions& options, const song::StageContext& context);

 private:
  VelocityModel& model_;
};

}  // namespace acestep::diffusion
