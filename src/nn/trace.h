// Named intermediate tensors of one forward, collected only when someone asks for them.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>

namespace acestep::nn {

using Trace = std::map<std::string, at::Tensor>;

// Keeps `tensor` under `name`; does nothing without a trace.
inline void note(Trace* trace, const std::string& name, const at::Tensor& tensor) {
  if (trace != nullptr) (*trace)[name] = tensor;
}

}  // namespace acestep::nn
