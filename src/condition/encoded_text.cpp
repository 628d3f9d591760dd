#include "condition/encoded_text.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace acestep::condition {
namespace {

using Rows = std::vector<std::vector<int64_t>>;

Rows rows_of(const std::vector<PromptTokens>& prompts, std::vector<int64_t> PromptTokens::*part) {
  Rows rows;
  for (const PromptTokens& prompt : prompts) rows.push_back(prompt.*part);
  return rows;
}

}  // namespace

TokenBatch pad_tokens(const Rows& rows, int64_t pad_id, at::Device device,
                      std::optional<int64_t> length) {
  std::size_t longest = 0;
  for (const auto& row : rows) longest = std::max(longest, row.size());
  const int64_t columns = length.value_or(static_cast<int64_t>(longest));
  const auto count = static_cast<int64_t>(rows.size());
  const auto on_cpu = at::TensorOptions(at::kCPU);
  const at::Tensor ids = at::full({count, columns}, pad_id, on_cpu.dtype(at::kLong));
  const at::Tensor mask = at::zeros({count, columns}, on_cpu.dtype(at::kBool));
  for (int64_t i = 0; i < count; ++i) {
    const auto& row = rows[static_cast<std::size_t>(i)];
    const int64_t used = std::min(columns, static_cast<int64_t>(row.size()));
    ids.select(0, i)
        .slice(0, 0, used)
        .copy_(at::tensor(row, on_cpu.dtype(at::kLong)).slice(0, 0, used));
    mask.select(0, i).slice(0, 0, used).fill_(true);
  }
  return {ids.to(device), mask.to(device)};
}

EncodedPrompts encode_prompts(const std::vector<PromptTokens>& prompts, int64_t pad_id,
                              const models::TextEncoder& encoder, at::Device device) {
  const TokenBatch text = pad_tokens(rows_of(prompts, &PromptTokens::text), pad_id, device);
  const TokenBatch lyrics = pad_tokens(rows_of(prompts, &PromptTokens::lyrics), pad_id, device);
  EncodedPrompts encoded{{encoder.encode(text.ids), text.mask},
                         {encoder.embed(lyrics.ids), lyrics.mask},
                         std::nullopt};
  const Rows other = rows_of(prompts, &PromptTokens::text_without_cover);
  const bool has_other = !other.empty() && !other.front().empty();
  if (has_other) {
    const TokenBatch batch = pad_tokens(other, pad_id, device, text.ids.size(1));
    encoded.text_without_cover = EncodedText{encoder.encode(batch.ids), batch.mask};
  }
  return encoded;
}

}  // namespace acestep::condition
