// Masking one row of logits in place.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace acestep::lm {

// row: [V] float32 throughout.

// -inf at one id, or wherever `mask` [V] bool is true.
void block(at::Tensor& row, int64_t id);
void block(at::Tensor& row, const at::Tensor& mask);

// -inf everywhere but at `ids`; everywhere when there are none.
void allow_only(at::Tensor& row, const std::vector<int64_t>& ids);

// The id of `ids` with the largest logit; the first of equals. ids must not be empty.
int64_t best_of(const at::Tensor& row, const std::vector<int64_t>& ids);

// Whether the probability of `id` is larger than that of every other id.
bool is_strictly_likeliest(const at::Tensor& row, int64_t id);

}  // namespace acestep::lm
