// Running the language model token by token: the seam between the composer and how a device does
// it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "models/qwen3_lm.h"

namespace acestep::lm {

// Prompts of equal rank decoded together, padded on the left to one length.
struct PromptBatch {
  std::vector<std::vector<int64_t>> rows;  // ids with padding, all of one length
  std::vector<int64_t> padding;            // padding ids at the start of each row
};

// Pads on the left to the longest prompt.
PromptBatch make_prompt_batch(const std::vector<std::vector<int64_t>>& prompts, int64_t pad_id);

// Stateful: one generation at a time.
class Decoder {
 public:
  virtual ~Decoder() = default;

  // Starts over: reads the prompts and returns the logits behind their last tokens, [B, V] float32,
  // or [B, window + 1] for HeadRows::kWindow. At most `new_tokens` calls of step() may follow.
  virtual at::Tensor read(const PromptBatch& prompts, int64_t new_tokens,
                          models::HeadRows rows) = 0;

  // Appends one token per row and returns the logits behind it, as above.
  virtual at::Tensor step(const std::vector<int64_t>& tokens, models::HeadRows rows) = 0;

  // Which part of the head HeadRows::kWindow computes.
  virtual const models::HeadWindow& window() const = 0;
  virtual int64_t vocab_size() const = 0;
  virtual at::Device device() const = 0;

  // Frees what belongs to the last generation.
  virtual void reset() = 0;
};

// Every operation issued one by one: runs on every device (--backend pt).
class EagerDecoder final : public Decoder {
 public:
  // model must outlive the decoder.
  explicit EagerDecoder(const models::Qwen3Lm& model) : model_(model) {}

  at::Tensor read(const PromptBatch& prompts, int64_t new_tokens, models::HeadRows rows) override;
  at::Tensor step(const std::vector<int64_t>& tokens, models::HeadRows rows) override;
  const models::HeadWindow& window() const override { return model_.window(); }
  int64_t vocab_size() const override { return model_.vocab_size(); }
  at::Device device() const override { return model_.stack().device(); }
  void reset() override { cache_ = {}; }

 private:
  at::Tensor advance(const at::Tensor& ids, models::HeadRows rows);

  const models::Qwen3Lm& model_;
  models::KvCache cache_;
};

}  // namespace acestep::lm
