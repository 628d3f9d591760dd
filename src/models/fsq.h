// Finite scalar quantization: a hidden state becomes a few digits, the digits one audio code.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "models/dit_config.h"
#include "nn/linear.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::models {

// The digit d of code i is (i / basis_d) mod level_d, basis = 1, level_0, level_0·level_1, …; its
// value is 2·digit/(level - 1) - 1.
class Fsq {
 public:
  // scope: "tokenizer.quantizer". XL models quantize in float32, 2B models in their own type.
  Fsq(const weights::WeightScope& scope, const DitConfig& config);

  struct Result {
    at::Tensor quantized;  // [B, N, hidden]
    at::Tensor indices;    // [B, N, 1] int64
    at::Tensor projected;  // [B, N, digits]: before clamping and rounding
    at::Tensor values;     // [B, N, digits] in -1 … 1
  };
  // x: [B, N, hidden] -> the nearest codes and what they stand for, in x's dtype.
  Result operator()(const at::Tensor& x) const;

  // indices: [B, N, 1] int64 in 0 … codebook_entries - 1 -> [B, N, digits] float32 in -1 … 1.
  at::Tensor values_from_indices(const at::Tensor& indices) const;
  // indices: [B, N, 1] int64 -> [B, N, hidden] in activation_dtype of the weights.
  at::Tensor quantized_from_indices(const at::Tensor& indices) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, levels_, basis_, project_in_, project_out_);
  }

 private:
  at::ScalarType dtype_;  // of the projections
  at::ScalarType result_dtype_;
  at::Tensor levels_;  // [digits] int64
  at::Tensor basis_;   // [digits] int64
  nn::Linear project_in_;
  nn::Linear project_out_;
};

}  // namespace acestep::models
