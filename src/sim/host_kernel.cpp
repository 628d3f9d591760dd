#include "sim/host_kernel.h"

#include "sim/bridge.h"
#include "sim/simulated_gpu.h"

namespace acestep::sim {

at::Tensor run_on_host(const Tensors& tensors,
                       const std::function<at::Tensor(const Tensors&)>& kernel) {
  Bridge bridge;
  Tensors lent;
  for (const at::Tensor& tensor : tensors) {
    TORCH_CHECK(!tensor.defined() || is_simulated(tensor.device()),
                "Expected all tensors to be on the same device, but one is on ", tensor.device(),
                ", others on ", device());
    lent.push_back(tensor.defined() ? bridge.lend(tensor) : tensor);
  }
  return bridge.take(kernel(lent));
}

}  // namespace acestep::sim
