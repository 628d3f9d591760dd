// Hears, during one forward of the diffusion transformer, how chosen attention heads listen to
// chosen rows of the conditions.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "models/dit_config.h"

namespace acestep::models {

// Neighbouring rows of the packed conditions.
struct RowSpan {
  int64_t first = 0;
  int64_t count = 0;
};

class CrossListener {
 public:
  // heads: at least one; layers in any order.
  CrossListener(std::vector<LayerHeads> heads, RowSpan rows);

  bool wants(int64_t layer) const;
  // The last layer that it wants: what comes behind changes nothing for it.
  int64_t last_layer() const;

  // queries: [1, heads, P, D], keys: [1, kv_heads, L, D] of a cross-attention without positions. A
  // part of the queries is taken at a time: their attention to all L rows is never there at once.
  void hear(int64_t layer, const at::Tensor& queries, const at::Tensor& keys);

  // One per head heard, in the order of layers: [count, P] float32 on the CPU, the rows' share of
  // each position's attention.
  const std::vector<at::Tensor>& maps() const { return maps_; }

  // Numbers of one head's attention on the device at once, for `rows` rows of conditions.
  static int64_t most_numbers(int64_t positions, int64_t rows);

 private:
  std::vector<LayerHeads> heads_;
  RowSpan rows_;
  std::vector<at::Tensor> maps_;
};

}  // namespace acestep::models
