// The noise levels a song passes on its way from noise to music, and which steps hear which
// conditions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace acestep::diffusion {

// The three rules by which published models count their steps.
enum class ScheduleFamily {
  kTurbo,     // turbo, xl-turbo: at most 20 steps, no final 0, the last step jumps to the clean
              // estimate
  kBase,      // base (2B): cover steps are counted on the asked number of steps
  kStandard,  // sft, xl-base, xl-sft
};

struct ScheduleOptions {
  ScheduleFamily family = ScheduleFamily::kTurbo;
  // Absent: turbo's 8-step table of the nearest shift, else 30.
  std::optional<int64_t> steps = std::nullopt;
  double shift = 1.0;                  // > 0; t' = shift·t / (1 + (shift − 1)·t)
  std::vector<double> timesteps = {};  // not empty: used instead of steps and shift
  double cover_strength = 1.0;         // share of the steps that hear the cover conditions, 0 … 1
  double cover_noise_strength = 0.0;   // > 0: start near 1 − this level, from the source; 0 … 1
};

struct Schedule {
  std::vector<float> levels;           // N + 1 values: before step k and after it; 1 is pure noise
  std::vector<double> renoise_levels;  // N values: the level an SDE step adds noise up to
  int64_t cover_steps = 0;             // the first step without the cover conditions; N: none
  bool jumps_to_clean = false;  // the last step is a plain jump: no SDE, no Heun, no injection
  std::optional<double>
      mix_level;  // start from source and noise mixed at this level; absent: noise

  int64_t steps() const { return static_cast<int64_t>(levels.size()) - 1; }
  bool is_jump(int64_t step) const { return jumps_to_clean && step == steps() - 1; }
};

// All arithmetic is the reference's: float32 for the standard families, double rounded to float32
// for turbo (reference: generate_audio of the modeling files). Throws Error kUsage when no step is
// left.
Schedule make_schedule(const ScheduleOptions& options);

}  // namespace acestep::diffusion
