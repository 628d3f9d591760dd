#include "condition/prompt_tokens.h"

namespace acestep::condition {

std::vector<int64_t> encode_at_most(const text::Tokenizer& tokenizer, std::string_view text,
                                    int64_t most_tokens) {
  std::vector<int64_t> ids = tokenizer.encode(text);
  const auto limit = static_cast<std::size_t>(most_tokens);
  if (ids.size() <= limit) return ids;
  const std::vector<int64_t> appended = tokenizer.encode("");
  ids.resize(limit - appended.size());
  ids.insert(ids.end(), appended.begin(), appended.end());
  return ids;
}

}  // namespace acestep::condition
