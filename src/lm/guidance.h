// Classifier-free guidance on logits.
#pragma once

#include <ATen/core/Tensor.h>

namespace acestep::lm {

// unconditional + scale · (conditional - unconditional) in float32; both [N].
at::Tensor guide(const at::Tensor& conditional, const at::Tensor& unconditional, double scale);

// The same over a whole vocabulary, where masked ids may meet: NaN becomes -inf and infinities
// become the largest finite numbers, as in the reference.
at::Tensor guide_all(const at::Tensor& conditional, const at::Tensor& unconditional, double scale);

}  // namespace acestep::lm
