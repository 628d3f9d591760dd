// A batch of prompts, encoded: what the condition encoder reads of captions and lyrics.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "condition/prompt_tokens.h"
#include "models/text_encoder.h"

namespace acestep::condition {

// Rows of ids, padded on the right.
struct TokenBatch {
  at::Tensor ids;   // [B, T] int64
  at::Tensor mask;  // [B, T] bool, true for tokens that are not padding
};

// length: absent, the longest row's; longer rows are cut.
TokenBatch pad_tokens(const std::vector<std::vector<int64_t>>& rows, int64_t pad_id,
                      at::Device device, std::optional<int64_t> length = std::nullopt);

struct EncodedText {
  at::Tensor states;  // [B, T, H_text]
  at::Tensor mask;    // [B, T] bool
};

struct EncodedPrompts {
  EncodedText text;                               // last hidden states
  EncodedText lyrics;                             // embedding rows only
  std::optional<EncodedText> text_without_cover;  // as long as `text`
};

EncodedPrompts encode_prompts(const std::vector<PromptTokens>& prompts, int64_t pad_id,
                              const models::TextEncoder& encoder, at::Device device);

}  // namespace acestep::condition
