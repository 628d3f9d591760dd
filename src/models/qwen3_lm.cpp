#include "models/qwen3_lm.h"

#include <ATen/ATen.h>

#include "util/error.h"

namespace acestep::models {
namespace {

weights::WeightScope stack_scope(const weights::WeightScope& scope) {
  return scope.scope("model").scope("embed_tokens").has("weight") ? scope.scope("model") : scope;
}

std::vector<nn::Linear> rows_of(const at::Tensor& weight, int64_t first, int64_t last,
                                at::Device device) {
  std::vector<nn::Linear> block;
  if (last > first) {
    block.emplace_back(weight.narrow(0, first, last - first), at::Tensor(), device);
  }
  return block;
}

}  // namespace

Qwen3Lm::Qwen3Lm(const weights::WeightScope& scope, const Qwen3Config& config, HeadWindow window)
    : stack_(stack_scope(scope), config),
      window_(window),
      head_(split_head(
          config.ties_embeddings
              ? stack_.embedding_table()
              : scope.scope("lm_head").take("weight", {config.vocab_size, config.hidden_size}),
          window)) {}

Qwen3Lm::Head Qwen3Lm::split_head(const at::Tensor& weight, const HeadWindow& window) const {
  const at::Device device = stack_.device();
  const int64_t rows = weight.size(0);
  ACE_CHECK(0 <= window.first && window.first <= window.last && window.last <= rows);
  ACE_CHECK(0 <= window.single && window.single < rows);
  return {rows_of(weight, 0, window.first, device),
          rows_of(weight, window.first, window.last, device),
          rows_of(weight, window.last, rows, device), weight.select(0, window.single)};
}

at::Tensor Qwen3Lm::logits(const at::Tensor& hidden, HeadRows rows) const {
  std::vector<at::Tensor> parts;
  if (rows == HeadRows::kWindow) {
    ACE_CHECK(!head_.range.empty());
    parts.push_back(head_.range.front()(hidden));
    parts.push_back(at::matmul(hidden.to(head_.single.scalar_type()), head_.single)
                        .unsqueeze(1)
                        .to(hidden.scalar_type()));
  } else {
    for (const auto* block : {&head_.before, &head_.range, &head_.after}) {
      if (!block->empty()) parts.push_back(block->front()(hidden));
    }
  }
  return (parts.size() == 1 ? parts.front() : at::cat(parts, 1)).to(at::kFloat);
}

}  // namespace acestep::models
