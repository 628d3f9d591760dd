// The prompts of one song as the text encoder's token ids.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/tokenizer.h"

namespace acestep::condition {

inline constexpr int64_t kMostTextTokens = 256;    // reference: conditioning_text.py
inline constexpr int64_t kMostLyricTokens = 2048;  // reference: conditioning_text.py

struct PromptTokens {
  std::vector<int64_t> text;
  std::vector<int64_t> lyrics;
  std::vector<int64_t> text_without_cover;  // the default instruction instead; empty: not needed
};

// Ids of `text`, at most `most_tokens`: what is too long loses its end, but keeps what the
// tokenizer itself appends.
std::vector<int64_t> encode_at_most(const text::Tokenizer& tokenizer, std::string_view text,
                                    int64_t most_tokens);

}  // namespace acestep::condition
