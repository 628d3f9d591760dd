// The model as the sampler sees it: a velocity for every point under the conditions in force.
#pragma once

#include <ATen/core/Tensor.h>

#include "song/conditioning.h"

namespace acestep::diffusion {

class VelocityModel {
 public:
  virtual ~VelocityModel() = default;

  // The conditions of all calls from now on.
  virtual void use(const song::ConditionSet& conditions) = 0;
  // x: [N, T, 64] float32 at level t, of the B songs in the conditions. N = B, or with guidance
  // 2·B: the second half without conditions.  Returns the velocity, [N, T, 64] float32.
  virtual at::Tensor velocity(const at::Tensor& x, float t) = 0;
};

}  // namespace acestep::diffusion
