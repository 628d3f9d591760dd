// One token drawn from probabilities, as at::multinomial draws it on the CPU.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>

namespace acestep::lm {

// probabilities: [V] float32 on the CPU, >= 0, their sum need not be 1; generator: a CPU generator,
// which makes V draws. The token and the generator's state are those of at::multinomial to the bit.
// It takes a logarithm for each of V numbers, this one for each token that is possible: of the
// 217,204 of the 5 Hz language model the filters leave few. Throws Error kRejected when no token is
// possible.
int64_t draw_token(const at::Tensor& probabilities, const at::Generator& generator);

}  // namespace acestep::lm
