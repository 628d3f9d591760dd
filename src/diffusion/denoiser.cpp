#include "diffusion/denoiser.h"

#include <ATen/ATen.h>

#include <cmath>

#include "diffusion/repaint.h"
#include "util/error.h"

namespace acestep::diffusion {
namespace {

// One batch on its way from noise to music.
class Sampling {
 public:
  Sampling(VelocityModel& model, const song::Conditioning& conditioning, const DenoiseNoise& noise,
           const DenoiseOptions& options)
      : model_(model),
        conditioning_(conditioning),
        noise_(noise),
        options_(options),
        schedule_(options.schedule),
        guidance_(options.guidance),
        dcw_(options.dcw),
        x_(starting_point()) {
    // A source is put back after this many steps; halves go to the even number, as in the
    // reference.
    const double injected = options.injection_ratio * static_cast<double>(schedule_.steps());
    injected_steps_ = conditioning.kept ? static_cast<int64_t>(std::nearbyint(injected)) : 0;
  }

  void take_step(int64_t step) {
    choose_conditions(step);
    const float t = level(step);
    const at::Tensor before = x_;
    const at::Tensor velocity = shaped(first_velocity(before, t), before);

    advance(velocity, step);
    x_ = dcw_.correct(x_, clean_estimate(before, velocity, t), t);
    if (options_.on_estimate) estimate_ = clean_estimate(before, velocity, t);
    if (step < injected_steps_ && !schedule_.is_jump(step)) put_source_back(step);
    require_finite(x_, step, schedule_.steps());
  }

  at::Tensor result() const { return with_source(x_); }
  // Of the last step; for options.on_estimate alone.
  at::Tensor estimate() const { return with_source(estimate_); }

 private:
  // The kept source goes around the new part.
  at::Tensor with_source(const at::Tensor& x) const {
    if (!conditioning_.kept || options_.crossfade_frames <= 0) return x;
    const song::KeptSource& kept = *conditioning_.kept;
    return blend(x, kept.latents, kept.is_new, options_.crossfade_frames);
  }

  float level(int64_t step) const { return schedule_.levels[static_cast<std::size_t>(step)]; }

  at::Tensor starting_point() const {
    if (!schedule_.mix_level) return noise_.start;
    return add_noise(conditioning_.source, noise_.start, *schedule_.mix_level);
  }

  void choose_conditions(int64_t step) {
    const bool leaves_cover =
        step == schedule_.cover_steps && conditioning_.without_cover.has_value();
    if (leaves_cover) {
      model_.use(*conditioning_.without_cover);
    } else if (step == 0) {
      model_.use(conditioning_.conditions);
    }
  }

  at::Tensor first_velocity(const at::Tensor& x, float t) {
    if (!guidance_.is_active()) return model_.velocity(x, t);
    const auto both = model_.velocity(at::cat({x, x}, 0), t).chunk(2, 0);
    return guidance_(x, both[0], both[1], t);
  }

  at::Tensor second_velocity(const at::Tensor& x, float t) {
    if (!guidance_.is_active()) return model_.velocity(x, t);
    const auto both = model_.velocity(at::cat({x, x}, 0), t).chunk(2, 0);
    return guidance_.correction(x, both[0], both[1], t);
  }

  // Limited to the latents' own length and smoothed with the step before.
  at::Tensor shaped(const at::Tensor& velocity, const at::Tensor& x) const {
    const at::Tensor limited = limit_velocity(velocity, x, options_.velocity_norm_threshold);
    return smooth_velocity(limited, previous_velocity_, options_.velocity_ema_factor);
  }

  // Moves x from this step's level to the next.
  void advance(const at::Tensor& velocity, int64_t step) {
    const SolverMethod method = schedule_.is_jump(step) ? SolverMethod::kEuler : options_.method;
    previous_velocity_ = velocity;
    if (method == SolverMethod::kSde) return advance_with_fresh_noise(velocity, step);
    if (method == SolverMethod::kHeun) previous_velocity_ = corrected(velocity, step);
    x_ = follow(x_, previous_velocity_, level(step), level(step + 1));
  }

  void advance_with_fresh_noise(const at::Tensor& velocity, int64_t step) {
    ACE_CHECK(noise_.steps != nullptr);
    const at::Tensor fresh = noise_.steps->draw(x_.size(1)).to(x_.device());
    const double renoise_level = schedule_.renoise_levels[static_cast<std::size_t>(step)];
    x_ = add_noise(clean_estimate(x_, velocity, level(step)), fresh, renoise_level);
  }

  // Heun: the mean of the velocities here and where this one leads.
  at::Tensor corrected(const at::Tensor& velocity, int64_t step) {
    const float t_next = level(step + 1);
    const at::Tensor ahead = follow(x_, velocity, level(step), t_next);
    at::Tensor second = second_velocity(ahead, t_next);
    second = limit_velocity(second, ahead, options_.velocity_norm_threshold);
    second = smooth_velocity(second, velocity, options_.velocity_ema_factor);
    return (velocity + second) * 0.5;
  }

  // Outside the new part x becomes the source, noised to where x is: one level on, or for SDE the
  // level that its noise went up to.
  void put_source_back(int64_t step) {
    const double reached = options_.method == SolverMethod::kSde
                               ? schedule_.renoise_levels[static_cast<std::size_t>(step)]
                               : static_cast<double>(level(step + 1));
    const song::KeptSource& kept = *conditioning_.kept;
    x_ = inject(x_, kept.latents, kept.is_new, reached, noise_.start);
  }

  VelocityModel& model_;
  const song::Conditioning& conditioning_;
  const DenoiseNoise& noise_;
  const DenoiseOptions& options_;
  const Schedule& schedule_;
  Guidance guidance_;
  Dcw dcw_;
  int64_t injected_steps_ = 0;
  at::Tensor previous_velocity_;
  at::Tensor x_;         // [B, T, 64] float32
  at::Tensor estimate_;  // likewise
};

}  // namespace

song::Latents Denoiser::run(const song::Conditioning& conditioning, const DenoiseNoise& noise,
                            const DenoiseOptions& options, const song::StageContext& context) {
  Sampling sampling(model_, conditioning, noise, options);
  const int64_t steps = options.schedule.steps();
  context.observer.stage("denoise");
  context.observer.step(0, steps);
  for (int64_t step = 0; step < steps; ++step) {
    context.stop_here_if_asked();
    sampling.take_step(step);
    context.observer.step(step + 1, steps);
    if (options.on_estimate && step + 1 < steps) options.on_estimate(sampling.estimate(), step + 1);
  }
  return {sampling.result()};
}

}  // namespace acestep::diffusion
