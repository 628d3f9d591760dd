#include "lm/guidance.h"

#include <ATen/ATen.h>

#include <limits>

namespace acestep::lm {

at::Tensor guide(const at::Tensor& conditional, const at::Tensor& unconditional, double scale) {
  const at::Tensor base = unconditional.to(at::kFloat);
  return base + scale * (conditional.to(at::kFloat) - base);
}

at::Tensor guide_all(const at::Tensor& conditional, const at::Tensor& unconditional, double scale) {
  return guide(conditional, unconditional, scale)
      .nan_to_num(/*nan=*/-std::numeric_limits<double>::infinity());
}

}  // namespace acestep::lm
