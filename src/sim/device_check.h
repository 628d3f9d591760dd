// Refuses operators whose tensors lie on different devices, exactly where CUDA does.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

namespace acestep::sim {

// The call's arguments lie on top of the stack. Throws c10::Error naming operator and argument if
// one of its tensors is on the simulated GPU and one is elsewhere that CUDA would not accept. CUDA
// accepts, never as something that is written: a CPU tensor without dimensions in operators of two
// operands, as a value to fill in, and as a choice of where(); and CPU tensors as indices.
void check_devices(const c10::OperatorHandle& op, const torch::jit::Stack& stack);

}  // namespace acestep::sim
