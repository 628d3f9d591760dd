// The text encoder: a causal Qwen3 whose last hidden states describe a prompt to the DiT.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "models/qwen3.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::models {

class TextEncoder {
 public:
  // Takes the stack's tensors (names without the prefix "model.") from the scope.
  TextEncoder(const weights::WeightScope& scope, const Qwen3Config& config);

  // ids: [B, T] int64, padded on the right -> [B, T, H] after the final norm. Without a mask, as
  // the reference calls it: padding on the right cannot reach the real tokens before it.
  at::Tensor encode(const at::Tensor& ids) const;
  // The same with padding hidden (mask: [B, T], zero on padding); only padded rows differ.
  at::Tensor encode_masked(const at::Tensor& ids, const at::Tensor& mask) const;
  // ids: [B, T] -> embedding rows [B, T, H]: what the lyric encoder reads.
  at::Tensor embed(const at::Tensor& ids) const;

  // The output of every layer [B, T, H], in order, for ids without a mask.
  std::vector<at::Tensor> trace(const at::Tensor& ids) const;

  const Qwen3Config& config() const { return stack_.config(); }

  void visit_weights(const nn::WeightVisitor& visit) { nn::visit_parts(visit, stack_); }

 private:
  Qwen3 stack_;
};

}  // namespace acestep::models
