#include "lm/decoder.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "util/error.h"

namespace acestep::lm {
namespace {

at::Tensor id_matrix(const std::vector<std::vector<int64_t>>& rows) {
  const auto columns = static_cast<int64_t>(rows.front().size());
  at::Tensor ids = at::empty({static_cast<int64_t>(rows.size()), columns},
                             at::TensorOptions().dtype(at::kLong).device(at::kCPU));
  int64_t* place = ids.data_ptr<int64_t>();
  for (const std::vector<int64_t>& row : rows) place = std::copy(row.begin(), row.end(), place);
  return ids;
}

// [B, T] bool: false on padding; undefined when nothing is padded.
at::Tensor padding_mask(const PromptBatch& prompts) {
  const bool has_padding = std::any_of(prompts.padding.begin(), prompts.padding.end(),
                                       [](int64_t count) { return count > 0; });
  if (!has_padding) return {};
  const auto columns = static_cast<int64_t>(prompts.rows.front().size());
  const at::Tensor mask = at::ones({static_cast<int64_t>(prompts.rows.size()), columns},
                                   at::TensorOptions().dtype(at::kBool).device(at::kCPU));
  for (size_t row = 0; row < prompts.padding.size(); ++row) {
    mask.select(0, static_cast<int64_t>(row)).narrow(0, 0, prompts.padding[row]).fill_(false);
  }
  return mask;
}

}  // namespace

PromptBatch make_prompt_batch(const std::vector<std::vector<int64_t>>& prompts, int64_t pad_id) {
  size_t longest = 0;
  for (const auto& prompt : prompts) longest = std::max(longest, prompt.size());
  PromptBatch batch;
  for (const auto& prompt : prompts) {
    std::vector<int64_t> row(longest - prompt.size(), pad_id);
    batch.padding.push_back(static_cast<int64_t>(row.size()));
    row.insert(row.end(), prompt.begin(), prompt.end());
    batch.rows.push_back(std::move(row));
  }
  return batch;
}

at::Tensor EagerDecoder::read(const PromptBatch& prompts, int64_t new_tokens,
                              models::HeadRows rows) {
  ACE_CHECK(!prompts.rows.empty() && !prompts.rows.front().empty());
  reset();
  const at::Tensor ids = id_matrix(prompts.rows);
  cache_ = model_.stack().make_cache(ids.size(0), ids.size(1) + new_tokens, padding_mask(prompts));
  return advance(ids, rows);
}

at::Tensor EagerDecoder::step(const std::vector<int64_t>& tokens, models::HeadRows rows) {
  const at::Tensor ids = at::tensor(tokens, at::TensorOptions().dtype(at::kLong)).unsqueeze(1);
  return advance(ids, rows);
}

at::Tensor EagerDecoder::advance(const at::Tensor& ids, models::HeadRows rows) {
  const at::Tensor hidden = model_.stack().forward_cached(ids.to(device()), cache_);
  return model_.logits(hidden.select(1, hidden.size(1) - 1), rows);
}

}  // namespace acestep::lm
