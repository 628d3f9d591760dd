// The mathematics of adapters: how the parts of one change become a weight.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>

#include "adapters/part_names.h"

namespace acestep::adapters {

using Parts = std::map<Part, at::Tensor>;  // float32, on the CPU

// tensor · factor in the tensor's type; infinite where that has no such number.
at::Tensor scaled(const at::Tensor& tensor, double factor);

// What is added to `base`, a float32 weight of any rank, at scale 1: of its shape and float32.
// LoRA: factor · up · down (peft 0.21: lora/layer.py, get_delta_weight). LoKr: factor · w1 ⊗ w2
// (lycoris 4.1: modules/lokr.py). With lengths of rows or columns (DoRA) the changed weight is
// brought to them before `base` is taken off (peft: lora/dora.py; lycoris: weight_decompose).
// The parts must fit together and to `base` (adapter.h).
at::Tensor change_of(const Parts& parts, double factor, const at::Tensor& base);

}  // namespace acestep::adapters
