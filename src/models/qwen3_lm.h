// The Qwen3 language model: the stack with its output head, which can be computed on a part of its
// rows.
#pragma once

#include <ATen/core/Tensor.h>

#include "models/qwen3.h"
#include "nn/linear.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::models {

// The rows of the head that a restricted step needs: a contiguous range and one more row before it.
struct HeadWindow {
  int64_t first = 0;   // first row of the range
  int64_t last = 0;    // one past its last row; first == last: no window
  int64_t single = 0;  // one row outside the range
};

enum class HeadRows { kAll, kWindow };

class Qwen3Lm {
 public:
  // Takes the stack, with or without the names' prefix "model.", and lm_head unless it is tied.
  Qwen3Lm(const weights::WeightScope& scope, const Qwen3Config& config, HeadWindow window = {});

  // hidden: [B, H] after the final norm.
  // kAll: logits of every id [B, V]. kWindow: [B, last - first + 1], the range and then the single
  // row. Always float32.
  at::Tensor logits(const at::Tensor& hidden, HeadRows rows) const;

  const Qwen3& stack() const { return stack_; }
  const HeadWindow& window() const { return window_; }
  int64_t vocab_size() const { return stack_.config().vocab_size; }

  void visit_weights(const nn::WeightVisitor& visit) { nn::visit_parts(visit, stack_, head_); }

 private:
  // The head in three blocks of rows, so that the window needs no second copy of its weights.
  struct Head {
    std::vector<nn::Linear> before;  // none or one, here and below
    std::vector<nn::Linear> range;
    std::vector<nn::Linear> after;
    at::Tensor single;  // [H]

    void visit_weights(const nn::WeightVisitor& visit) {
      nn::visit_parts(visit, before, range, after, single);
    }
  };
  Head split_head(const at::Tensor& weight, const HeadWindow& window) const;

  Qwen3 stack_;
  HeadWindow window_;
  Head head_;
};

}  // namespace acestep::models
