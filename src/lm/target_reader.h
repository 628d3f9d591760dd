// What the language model thinks of a given text behind a prompt, token by token.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "models/qwen3_lm.h"
#include "text/tokenizer.h"

namespace acestep::lm {

// Neighbouring tokens of the target: the logits that predict them, [n, V] float32 on the model's
// device, and their ids, [n] int64 there.
using TargetRows = std::function<void(const at::Tensor& logits, const at::Tensor& ids)>;

// Texts behind the same prompt are read faster one after another: what they begin with is kept.
class TargetReader {
 public:
  // model and tokenizer must outlive the reader. most_tokens: of prompt and target together, where
  // it is known; more are read all the same.
  TargetReader(const models::Qwen3Lm& model, const text::Tokenizer& tokenizer,
               int64_t most_tokens = 0)
      : model_(model), tokenizer_(tokenizer), most_tokens_(most_tokens) {}

  // Gives the target's tokens to `rows`, some at a time, so that their logits need not lie in
  // memory together. A target that adds no token to the prompt gives none. Prompt and target are
  // tokenised together, and the target begins behind as many tokens as the prompt has alone
  // (reference: lm_score.py).
  void read(const std::string& prompt, const std::string& target, const TargetRows& rows);

  // Tokens of prompt and target together.
  int64_t tokens_of(const std::string& prompt, const std::string& target) const;

 private:
  at::Tensor states_from(const std::vector<int64_t>& ids, int64_t first);

  const models::Qwen3Lm& model_;
  const text::Tokenizer& tokenizer_;
  int64_t most_tokens_;
  std::vector<int64_t> seen_;  // whose keys and values are in the cache
  models::KvCache cache_;
};

}  // namespace acestep::lm
