#include "diffusion/flow_edit.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "diffusion/solver.h"
#include "util/error.h"

namespace acestep::diffusion {
namespace {

// The way of the song under one set of words: its guidance and the velocity of the step before.
class Branch {
 public:
  Branch(VelocityModel& model, const song::ConditionSet& words, const FlowEditOptions& options)
      : model_(model), options_(options), guidance_(options.guidance) {
    model_.use(words);
  }

  // Asks the model at x of level t; several times per step where several noises are tried.
  void look(const at::Tensor& x, float t) {
    add(sum_, limit_velocity(guided(x, t), x, options_.velocity_norm_threshold));
    ++looks_;
  }

  // The mean of what was seen since the last call, smoothed with the step before.
  at::Tensor end_step(float t) {
    const auto count = static_cast<double>(looks_);
    if (differences_.defined()) guidance_.advance(differences_ / count, t);
    previous_ = smooth_velocity(sum_ / count, previous_, options_.velocity_ema_factor);
    sum_ = differences_ = at::Tensor();
    looks_ = 0;
    return previous_;
  }

 private:
  static void add(at::Tensor& sum, const at::Tensor& value) {
    sum = sum.defined() ? sum + value : value;
  }

  // Every look of a step is guided from the momentum that the step began with.
  at::Tensor guided(const at::Tensor& x, float t) {
    if (!guidance_.is_active()) return model_.velocity(x, t);
    const auto both = model_.velocity(at::cat({x, x}, 0), t).chunk(2, 0);
    add(differences_, both[0] - both[1]);
    Guidance of_this_look = guidance_;
    return of_this_look(x, both[0], both[1], t);
  }

  VelocityModel& model_;
  const FlowEditOptions& options_;
  Guidance guidance_;
  at::Tensor sum_;          // of velocities, [B, T, 64] float32
  at::Tensor differences_;  // sum of cond − uncond, likewise
  int64_t looks_ = 0;
  at::Tensor previous_;
};

// One batch on its way from one description to the other.
class Edit {
 public:
  Edit(VelocityModel& before, VelocityModel& after, const song::Conditioning& conditioning,
       NoiseStreams& noise, const FlowEditOptions& options)
      : source_(conditioning.source),
        noise_(noise),
        options_(options),
        before_(before, *conditioning.of_source, options),
        after_(after, conditioning.conditions, options),
        x_(source_) {}

  // The song moves by what the new words change of the flow at the same noise.
  void edit(int64_t step) {
    const float t = level(step);
    for (int64_t draw = 0; draw < options_.draws; ++draw) {
      const at::Tensor noisy = add_noise(source_, fresh_noise(), static_cast<double>(t));
      before_.look(noisy, t);
      after_.look(x_ + noisy - source_, t);
    }
    const at::Tensor after = after_.end_step(t);
    x_ = follow(x_, after - before_.end_step(t), t, level(step + 1));
  }

  // From here on x_ is the song with noise in it, as in any other sampling.
  void add_noise_back(int64_t step) {
    x_ = x_ + add_noise(source_, fresh_noise(), static_cast<double>(level(step))) - source_;
  }

  void finish(int64_t step) {
    after_.look(x_, level(step));
    x_ = follow(x_, after_.end_step(level(step)), level(step), level(step + 1));
  }

  const at::Tensor& x() const { return x_; }

 private:
  float level(int64_t step) const {
    return options_.schedule.levels[static_cast<std::size_t>(step)];
  }
  at::Tensor fresh_noise() { return noise_.draw(source_.size(1)).to(source_.device()); }

  const at::Tensor& source_;
  NoiseStreams& noise_;
  const FlowEditOptions& options_;
  Branch before_;
  Branch after_;
  at::Tensor x_;  // [B, T, 64] float32
};

}  // namespace

Schedule make_edit_schedule(ScheduleOptions options) {
  options.family = ScheduleFamily::kStandard;
  std::vector<double>& own = options.timesteps;
  if (!own.empty() && own.back() != 0.0) own.push_back(0.0);
  return make_schedule(options);
}

song::Latents FlowEditor::run(const song::Conditioning& conditioning, NoiseStreams& noise,
                              const FlowEditOptions& options, const song::StageContext& context) {
  ACE_CHECK(conditioning.of_source.has_value() && options.draws >= 1);
  const int64_t steps = options.schedule.steps();
  const auto share = [&](double part) {
    return static_cast<int64_t>(static_cast<double>(steps) * part);
  };
  const int64_t first = share(options.first_share);
  const int64_t end = share(options.last_share);
  Edit edit(before_, after_, conditioning, noise, options);
  context.observer.stage("denoise");
  if (first < steps) context.observer.step(0, steps - first);
  for (int64_t step = first; step < steps; ++step) {
    context.stop_here_if_asked();
    if (step < end) {
      edit.edit(step);
    } else {
      if (step == std::max(first, end)) edit.add_noise_back(step);
      edit.finish(step);
    }
    require_finite(edit.x(), step, steps);
    context.observer.step(step + 1 - first, steps - first);
  }
  return {edit.x()};
}

}  // namespace acestep::diffusion
