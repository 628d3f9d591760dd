#include "lm/target_reader.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace acestep::lm {
namespace {

// Rows of logits at once: 55 MB of the published vocabulary.
constexpr int64_t kRowsAtOnce = 64;

at::Tensor to_tensor(const std::vector<int64_t>& ids, int64_t first, at::Device device) {
  const std::vector<int64_t> part(ids.begin() + first, ids.end());
  return at::tensor(part, at::TensorOptions().dtype(at::kLong)).to(device);
}

}  // namespace

int64_t TargetReader::tokens_of(const std::string& prompt, const std::string& target) const {
  return static_cast<int64_t>(tokenizer_.encode(prompt + target).size());
}

// The stack's output at positions first … end - 1, [end - first, H].
at::Tensor TargetReader::states_from(const std::vector<int64_t>& ids, int64_t first) {
  const auto count = static_cast<int64_t>(ids.size());
  const bool has_room = !cache_.keys.empty() && cache_.capacity() >= count;
  if (!has_room) {
    cache_ = {};
    seen_.clear();
    cache_ = model_.stack().make_cache(1, std::max(count, most_tokens_));
  }
  const auto limit = std::min(static_cast<int64_t>(seen_.size()), first);
  const auto difference = std::mismatch(seen_.begin(), seen_.begin() + limit, ids.begin());
  cache_.used = difference.first - seen_.begin();
  const int64_t read_from = cache_.used;
  const at::Tensor states = model_.stack().forward_cached(
      to_tensor(ids, read_from, model_.stack().device()).unsqueeze(0), cache_);
  seen_ = ids;
  return states[0].narrow(0, first - read_from, count - first);
}

void TargetReader::read(const std::string& prompt, const std::string& target,
                        const TargetRows& rows) {
  const auto prompt_tokens = static_cast<int64_t>(tokenizer_.encode(prompt).size());
  const std::vector<int64_t> ids = tokenizer_.encode(prompt + target);
  const int64_t target_tokens = static_cast<int64_t>(ids.size()) - prompt_tokens;
  if (target_tokens <= 0) return;
  // Each token is predicted at the position before it.
  const at::Tensor states = states_from(ids, prompt_tokens - 1);
  const at::Tensor wanted = to_tensor(ids, prompt_tokens, states.device());
  for (int64_t row = 0; row < target_tokens; row += kRowsAtOnce) {
    const int64_t count = std::min(kRowsAtOnce, target_tokens - row);
    rows(model_.logits(states.narrow(0, row, count), models::HeadRows::kAll),
         wanted.narrow(0, row, count));
  }
}

}  // namespace acestep::lm
