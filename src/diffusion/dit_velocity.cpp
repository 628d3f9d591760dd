#include "diffusion/dit_velocity.h"

#include <ATen/ATen.h>

#include <utility>

namespace acestep::diffusion {

DitVelocity::DitVelocity(const models::Dit& dit, at::Tensor null_condition, nn::BlockGate* gate)
    : dit_(dit), null_condition_(std::move(null_condition)), gate_(gate) {}

void DitVelocity::use(const song::ConditionSet& conditions) {
  at::Tensor states = conditions.states;
  context_ = conditions.context;
  if (null_condition_.defined()) {
    // Without conditions the context stays: only the words and the timbre are taken away.
    const at::Tensor nothing = null_condition_.to(states.scalar_type()).expand_as(states);
    states = at::cat({states, nothing}, 0);
    context_ = at::cat({context_, context_}, 0);
  }
  cross_ = dit_.prepare(states, gate_);
}

at::Tensor DitVelocity::velocity(const at::Tensor& x, float t) {
  const at::Tensor level = at::full({x.size(0)}, t, x.options());
  return dit_.velocity(x, context_, level, level, cross_, gate_);
}

}  // namespace acestep::diffusion
