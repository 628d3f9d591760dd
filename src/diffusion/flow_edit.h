// Edits a song in latent space: it moves from what one set of words says about it to what another
// set says, and keeps the rest.
#pragma once

#include "diffusion/guidance.h"
#include "diffusion/noise.h"
#include "diffusion/schedule.h"
#include "diffusion/velocity_model.h"
#include "song/conditioning.h"
#include "song/latents.h"
#include "song/stage_context.h"

namespace acestep::diffusion {

struct FlowEditOptions {
  Schedule schedule = {};                // its last level is 0; see make_edit_schedule
  GuidanceOptions guidance = {};         // by projection only
  double velocity_norm_threshold = 0.0;  // 0: off
  double velocity_ema_factor = 0.0;      // 0: off
  // The steps from first_share to last_share of all, both rounded down, move the song by the
  // difference of both velocities. Those before do nothing, those after make it from the new words
  // alone. 0 <= first_share <= last_share <= 1.
  double first_share = 0.0;
  double last_share = 1.0;
  int64_t draws = 1;  // of noise per step, whose differences are averaged; at least 1
};

// Every family's steps are those of models that are not distilled; own timesteps are closed with 0.
Schedule make_edit_schedule(ScheduleOptions options);

class FlowEditor {
 public:
  // One model per set of words, which may share their weights; neither may end before the editor.
  // With guidance both must serve doubled batches.
  FlowEditor(VelocityModel& before, VelocityModel& after) : before_(before), after_(after) {}

  // conditioning.source becomes what conditioning.conditions say, from what conditioning.of_source
  // says. noise: drawn from `draws` times per editing step, and once when editing ends before the
  // last step. Euler steps, all arithmetic between the models' calls in float32. Throws as
  // Denoiser::run.
  song::Latents run(const song::Conditioning& conditioning, NoiseStreams& noise,
                    const FlowEditOptions& options, const song::StageContext& context);

 private:
  VelocityModel& before_;
  VelocityModel& after_;
};

}  // namespace acestep::diffusion
