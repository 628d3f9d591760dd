#include "request/field_lists.h"
#include "request/song_values.h"

namespace acestep::request {
namespace {

constexpr FieldGroup kGroup = FieldGroup::kSampling;

Field number(std::string name, double Settings::*member, ValueRange range, std::string help) {
  return {.name = std::move(name),
          .group = kGroup,
          .type = FieldType::kReal,
          .member = member,
          .help = std::move(help),
          .range = range};
}

std::vector<Field> schedule_fields() {
  return {
      {.name = "inference_steps",
       .group = kGroup,
       .type = FieldType::kInteger,
       .member = &Settings::inference_steps,
       .help = "denoising steps; turbo models 1 … 20",
       .range = {1, 200},
       .hard_range = {1, 10000},
       .default_note = "8 on turbo models, 50 on others"},
      {.name = "shift",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::shift,
       .help = "bends the schedule towards noise; 1 … 5 is useful",
       .range = {0, std::nullopt, true},
       .hard_range = {0, std::nullopt, true},
       .default_note = "3.0 on turbo models, 1.0 on turbo-shift1 and others"},
      {.name = "timesteps",
       .group = kGroup,
       .type = FieldType::kRealList,
       .member = &Settings::timesteps,
       .help = "own noise levels, falling from 1 towards 0, in place of steps and shift; turbo "
               "models take at most 20 and move each to the nearest they were trained on",
       .aliases = {"custom_timesteps"},
       .range = {0, 1},
       .hard_range = {0, 1},
       .default_note = "none"},
      {.name = "infer_method",
       .group = kGroup,
       .member = &Settings::infer_method,
       .help = "how a step is taken: ode follows the flow, sde adds fresh noise",
       .choices = {"ode", "sde"}},
      {.name = "sampler_mode",
       .group = kGroup,
       .member = &Settings::sampler_mode,
       .help = "heun looks twice per step: slower, truer; ode only",
       .choices = {"euler", "heun"}},
  };
}

std::vector<Field> guidance_fields() {
  return {
      {.name = "guidance_scale",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::guidance_scale,
       .help = "how closely the caption is followed; turbo models have their own built in",
       .range = {1, 15},
       .hard_range = {0, std::nullopt},
       .default_note = "7.0; 1.0 on turbo models"},
      {.name = "use_adg",
       .group = kGroup,
       .type = FieldType::kBool,
       .member = &Settings::use_adg,
       .help = "guide by angle instead of by projection; not on turbo models"},
      number("cfg_interval_start", &Settings::cfg_interval_start, {0, 1},
             "guide only from this part of the way"),
      number("cfg_interval_end", &Settings::cfg_interval_end, {0, 1}, "… to this part"),
      number("velocity_norm_threshold", &Settings::velocity_norm_threshold, {0, 5},
             "limits a step's length; 0 is off, try 2"),
      number("velocity_ema_factor", &Settings::velocity_ema_factor, {0, 0.5},
             "smooths steps with the ones before; 0 is off, try 0.1"),
  };
}

std::vector<Field> correction_fields() {
  return {
      {.name = "dcw_enabled",
       .group = kGroup,
       .type = FieldType::kBool,
       .member = &Settings::dcw_enabled,
       .help = "wavelet correction of every step"},
      {.name = "dcw_mode",
       .group = kGroup,
       .member = &Settings::dcw_mode,
       .help = "which bands it corrects; pix works without a wavelet",
       .choices = {"low", "high", "double", "pix"}},
      number("dcw_scaler", &Settings::dcw_scaler, {0, 0.1}, "its strength, of the low band"),
      number("dcw_high_scaler", &Settings::dcw_high_scaler, {0, 0.1},
             "its strength of the high band in mode double"),
      {.name = "dcw_wavelet",
       .group = kGroup,
       .member = &Settings::dcw_wavelet,
       .help = "its wavelet: haar, db1 … db20, sym2 … sym20",
       .choices = wavelets()},
  };
}

std::vector<Field> variation_fields() {
  return {
      {.name = "retake_variance",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::retake_variance,
       .help = "mixes a second noise in: 0.05 … 0.15 varies a song subtly, 0.5 strongly",
       .range = {0, 1},
       .hard_range = {0, 1}},
      {.name = "retake_seed",
       .group = kGroup,
       .member = &Settings::retake_seed,
       .help = "seed of that second noise, one or a comma list, one per song",
       .default_note = "from the song's seed",
       .accepts_number = true},
      number("latent_shift", &Settings::latent_shift, {-0.2, 0.2}, "added to the latents"),
      number("latent_rescale", &Settings::latent_rescale, {0.5, 1.5},
             "the latents are multiplied by it"),
  };
}

}  // namespace

std::vector<Field> sampling_fields() {
  std::vector<Field> fields;
  for (auto list :
       {schedule_fields(), guidance_fields(), correction_fields(), variation_fields()}) {
    for (Field& field : list) fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace acestep::request
