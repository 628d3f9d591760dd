// Small attention maps and a vocabulary for tests.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "alignment/attention_map.h"
#include "alignment/token_texts.h"

namespace acestep::alignment {

inline AttentionMap make_map(const std::vector<std::vector<float>>& rows) {
  AttentionMap map(static_cast<int64_t>(rows.size()), static_cast<int64_t>(rows.front().size()));
  for (size_t i = 0; i < rows.size(); ++i) {
    std::copy(rows[i].begin(), rows[i].end(), map.row(static_cast<int64_t>(i)).begin());
  }
  return map;
}

// Each token listens to `width` frames of its own, one token after another.
inline AttentionMap diagonal(int64_t tokens, int64_t width) {
  AttentionMap map(tokens, tokens * width);
  for (int64_t token = 0; token < tokens; ++token) {
    const auto row = map.row(token);
    std::fill_n(row.begin() + token * width, width, 1.0F);
  }
  return map;
}

// Ids are places in `pieces`; bytes that are no character become U+FFFD.
Decode decode_with(std::vector<std::string> pieces);

}  // namespace acestep::alignment
