// A case's options as the sampler's: names are the keyword arguments of the reference's
// generate_audio, and what is absent has its defaults, which differ between the families.
#pragma once

#include <nlohmann/json.hpp>

#include "diffusion/denoiser.h"
#include "models/dit_config.h"

namespace acestep::golden {

diffusion::DenoiseOptions denoise_options(const nlohmann::json& params,
                                          const models::DitConfig& config);

// A number draws for the whole batch, a list one song at a time.
diffusion::NoiseStreams noise_streams(const nlohmann::json& seed, int64_t songs);

}  // namespace acestep::golden
