// An audio autoencoder with the published strides and hardly any channels.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "tiny/tensor_plan.h"

namespace acestep::tiny {

nlohmann::json vae_config();
TensorPlan vae_tensors();

}  // namespace acestep::tiny
