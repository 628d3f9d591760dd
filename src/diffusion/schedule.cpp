#include "diffusion/schedule.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "request/song_values.h"
#include "util/error.h"

namespace acestep::diffusion {
namespace {

constexpr int64_t kTurboSteps = 8;  // the tables' length (reference: fix_nfe)
constexpr int64_t kMostTurboSteps = 20;
constexpr int64_t kStandardSteps = 30;  // reference: generate_audio's infer_steps on base
constexpr std::array<double, 3> kTurboShifts = {1.0, 2.0, 3.0};

// The first of equally near values wins.
template <typename Range>
auto nearest(const Range& values, double wanted) {
  return std::min_element(values.begin(), values.end(), [wanted](double a, double b) {
    return std::abs(a - wanted) < std::abs(b - wanted);
  });
}

std::vector<double> shifted_grid(int64_t steps, double shift) {
  std::vector<double> levels;
  for (int64_t i = 0; i < steps; ++i) {
    const double t = 1.0 - static_cast<double>(i) / static_cast<double>(steps);
    levels.push_back(shift == 1.0 ? t : shift * t / (1.0 + (shift - 1.0) * t));
  }
  return levels;
}

// Own time steps without their trailing zeros, at most 20, each moved to the nearest level that the
// distilled model knows.
std::vector<double> snapped(std::vector<double> timesteps) {
  while (!timesteps.empty() && timesteps.back() == 0.0) timesteps.pop_back();
  if (timesteps.size() > kMostTurboSteps) timesteps.resize(kMostTurboSteps);
  for (double& t : timesteps) {
    t = request::nearest_turbo_level(t);
  }
  return timesteps;
}

// Levels before each step; the model holds no level 0.
std::vector<double> turbo_levels(const ScheduleOptions& options) {
  std::vector<double> levels = snapped(options.timesteps);
  if (!levels.empty()) return levels;
  if (options.steps && *options.steps > 0) {
    return shifted_grid(std::min(*options.steps, kMostTurboSteps), options.shift);
  }
  return shifted_grid(kTurboSteps, *nearest(kTurboShifts, options.shift));
}

// Levels before and after each step, computed in float32 by the reference's own tensor operations.
std::vector<double> standard_levels(const ScheduleOptions& options) {
  if (!options.timesteps.empty()) {
    std::vector<double> levels;
    for (const double t : options.timesteps) levels.push_back(static_cast<float>(t));
    return levels;
  }
  const int64_t steps = options.steps.value_or(kStandardSteps);
  at::Tensor t = at::linspace(1.0, 0.0, steps + 1, at::TensorOptions(at::kFloat).device(at::kCPU));
  if (options.shift != 1.0) t = t.mul(options.shift).div(t.mul(options.shift - 1.0).add(1.0));
  const float* values = t.const_data_ptr<float>();
  return {values, values + t.numel()};
}

// Drops the steps above the level nearest to 1 − strength, from where the source is mixed in.
void start_from_source(std::vector<double>& levels, std::size_t choices, double strength,
                       Schedule& schedule) {
  const std::vector<double> candidates(levels.begin(),
                                       levels.begin() + static_cast<std::ptrdiff_t>(choices));
  const auto start = nearest(candidates, 1.0 - strength);
  schedule.mix_level = *start;
  levels.erase(levels.begin(), levels.begin() + (start - candidates.begin()));
}

std::vector<double> renoise_levels(const Schedule& schedule) {
  std::vector<double> result;
  const auto steps = static_cast<double>(schedule.steps());
  for (int64_t k = 0; k < schedule.steps(); ++k) {
    const auto index = static_cast<std::size_t>(k);
    // Models that are not distilled re-noise on the plain grid, whatever shift or own levels say.
    result.push_back(schedule.jumps_to_clean ? static_cast<double>(schedule.levels[index + 1])
                                             : 1.0 - static_cast<double>(k + 1) / steps);
  }
  return result;
}

int64_t count_cover_steps(const ScheduleOptions& options, const Schedule& schedule) {
  if (options.cover_strength >= 1.0) return schedule.steps();
  const bool counts_asked_steps =
      options.family == ScheduleFamily::kBase && !schedule.mix_level.has_value();
  const int64_t steps =
      counts_asked_steps ? options.steps.value_or(kStandardSteps) : schedule.steps();
  return static_cast<int64_t>(static_cast<double>(steps) * options.cover_strength);
}

}  // namespace

Schedule make_schedule(const ScheduleOptions& options) {
  Schedule schedule;
  schedule.jumps_to_clean = options.family == ScheduleFamily::kTurbo;
  std::vector<double> levels =
      schedule.jumps_to_clean ? turbo_levels(options) : standard_levels(options);
  const std::size_t steps = schedule.jumps_to_clean ? levels.size() : levels.size() - 1;
  if (steps == 0) {
    throw Error(ErrorCode::kUsage, "the schedule has no step: expected at least two time steps",
                "give --timesteps two or more values, or leave it out and use --inference_steps");
  }
  if (options.cover_noise_strength > 0.0) {
    start_from_source(levels, steps, options.cover_noise_strength, schedule);
  }
  for (const double t : levels) schedule.levels.push_back(static_cast<float>(t));
  if (schedule.jumps_to_clean) schedule.levels.push_back(0.0F);
  schedule.renoise_levels = renoise_levels(schedule);
  schedule.cover_steps = count_cover_steps(options, schedule);
  return schedule;
}

}  // namespace acestep::diffusion
