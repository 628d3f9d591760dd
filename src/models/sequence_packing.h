// Joining padded sequences so that all valid rows come first.
#pragma once

#include <ATen/core/Tensor.h>

namespace acestep::models {

struct PackedSequence {
  at::Tensor states;  // [B, L, C]
  at::Tensor mask;    // [B, L] bool: a run of true, then false
};

// first: [B, L1, C] with mask [B, L1], second: [B, L2, C] with mask [B, L2] (any type, non-zero =
// valid) -> L = L1 + L2. Valid rows of `first`, then of `second`, then all padding rows, each group
// in its own order.
PackedSequence pack_sequences(const at::Tensor& first, const at::Tensor& first_mask,
                              const at::Tensor& second, const at::Tensor& second_mask);

// packed: [N, C], one row per reference; owner: [N] int64, the batch item each belongs to (every
// item of 0 … max has at least the place for one; items in any order) -> states [B, largest count,
// C], zeros where an item has fewer, and the mask.
PackedSequence unpack_by_owner(const at::Tensor& packed, const at::Tensor& owner);

}  // namespace acestep::models
