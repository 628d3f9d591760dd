// Reaches every weight that a layer holds, so that a memory plan can put a copy on another device
// in its place.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

namespace acestep::nn {

// Called with every defined tensor of a layer or model, always in the same order. May replace it by
// one of the same shape, strides, dtype and values on another device. Handles may share memory (an
// embedding table and the output layer tied to it, which holds it in blocks of rows): each is
// visited, so one storage, whole or in part, may be seen more than once. Weights in the CPU's
// blocked layout have no strides and no storage, and are of use to the CPU alone.
using WeightVisitor = std::function<void(at::Tensor&)>;

inline void visit_part(const WeightVisitor& visit, at::Tensor& tensor) {
  if (tensor.defined()) visit(tensor);
}

template <typename Layer>
void visit_part(const WeightVisitor& visit, Layer& layer) {
  layer.visit_weights(visit);
}

template <typename Layer>
void visit_part(const WeightVisitor& visit, std::vector<Layer>& layers) {
  for (Layer& layer : layers) layer.visit_weights(visit);
}

// What a layer's visit_weights consists of: its tensors, its layers and its vectors of layers.
template <typename... Parts>
void visit_parts(const WeightVisitor& visit, Parts&... parts) {
  (visit_part(visit, parts), ...);
}

}  // namespace acestep::nn
