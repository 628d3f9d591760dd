// The DiT as a velocity model: keys and values of the conditions are computed once, not per step.
#pragma once

#include "diffusion/velocity_model.h"
#include "models/dit.h"

namespace acestep::diffusion {

class DitVelocity final : public VelocityModel {
 public:
  // null_condition: [1, 1, H], the row that stands for "no condition"; undefined without guidance.
  // gate: called before and after each block, or nullptr. Both references must outlive this object.
  explicit DitVelocity(const models::Dit& dit, at::Tensor null_condition = {},
                       nn::BlockGate* gate = nullptr);

  void use(const song::ConditionSet& conditions) override;
  at::Tensor velocity(const at::Tensor& x, float t) override;

 private:
  const models::Dit& dit_;
  at::Tensor null_condition_;
  nn::BlockGate* gate_;
  at::Tensor context_;  // [N, T, 128]
  models::CrossStates cross_;
};

}  // namespace acestep::diffusion
