// Computes with the CPU what the simulated GPU has no operator for.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

namespace acestep::sim {

using Tensors = std::vector<at::Tensor>;

// Calls `kernel` with host tensors on the memory of the given ones and returns its result on the
// simulated GPU. Undefined tensors stay undefined. Throws c10::Error when a tensor is on another
// device, c10::OutOfMemoryError when there is no room for the result.
at::Tensor run_on_host(const Tensors& tensors,
                       const std::function<at::Tensor(const Tensors&)>& kernel);

}  // namespace acestep::sim
