// The prompts of one song as the text encoder's token ids.
#pragma once

#include <cstdint>
#include <vector>

namespace acestep::condition {

inline constexpr int64_t kMostTextTokens = 256;    // reference: conditioning_text.py
inline constexpr int64_t kMostLyricTokens = 2048;  // reference: conditioning_text.py

struct PromptTokens {
  std::vector<int64_t> text;
  std::vector<int64_t> lyrics;
  std::vector<int64_t> text_without_cover;  // the default instruction instead; empty: not needed
};

}  // namespace acestep::condition
