#include "golden/diffusion/sampling_options.h"

#include "golden/diffusion/model_bundle.h"

namespace acestep::golden {

using nlohmann::json;

diffusion::DenoiseOptions denoise_options(const json& params, const models::DitConfig& config) {
  diffusion::DenoiseOptions options;
  diffusion::ScheduleOptions schedule;
  schedule.family = schedule_family(config);
  if (params.contains("infer_steps")) schedule.steps = params["infer_steps"];
  schedule.shift = params.value("shift", config.is_turbo ? 3.0 : 1.0);
  schedule.timesteps = params.value("timesteps", std::vector<double>());
  schedule.cover_strength = params.value("audio_cover_strength", 1.0);
  schedule.cover_noise_strength = params.value("cover_noise_strength", 0.0);
  options.schedule = make_schedule(schedule);

  if (params.value("sampler_mode", "euler") == "heun")
    options.method = diffusion::SolverMethod::kHeun;
  if (params.value("infer_method", "ode") == "sde") options.method = diffusion::SolverMethod::kSde;
  if (!config.is_turbo) {
    options.guidance = {params.value("diffusion_guidance_scale", 7.0),
                        params.value("use_adg", false), params.value("cfg_interval_start", 0.0),
                        params.value("cfg_interval_end", 1.0)};
  }
  options.dcw = {params.value("dcw_enabled", true),
                 diffusion::parse_dcw_mode(params.value("dcw_mode", "double")),
                 params.value("dcw_scaler", 0.05), params.value("dcw_high_scaler", 0.02),
                 params.value("dcw_wavelet", "haar")};
  options.velocity_norm_threshold = params.value("velocity_norm_threshold", 0.0);
  options.velocity_ema_factor = params.value("velocity_ema_factor", 0.0);
  options.injection_ratio = params.value("repaint_injection_ratio", 0.5);
  options.crossfade_frames = params.value("repaint_crossfade_frames", int64_t{10});
  return options;
}

diffusion::NoiseStreams noise_streams(const json& seed, int64_t songs) {
  if (seed.is_array()) return diffusion::NoiseStreams::per_song(seed.get<std::vector<uint64_t>>());
  return diffusion::NoiseStreams::shared(diffusion::make_generator(seed.get<uint64_t>()), songs);
}

}  // namespace acestep::golden
