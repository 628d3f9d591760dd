// What tokenizer.json says around the vocabulary: normal form, split pattern, tokens put at the
// ends.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "text/model_json.h"
#include "text/unicode_text.h"

namespace acestep::text {

// The defaults are Qwen2's, for folders that hold only vocab.json and merges.txt.
struct TokenizerRules {
  Normalization normalization = Normalization::kNfc;
  std::string split_pattern =
      R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|)"
      R"(\s*[\r\n]+|\s+(?!\S)|\s+)";
  std::string split_origin = "the built-in split pattern";
  std::vector<int64_t> prefix_ids;  // put before every encoded text
  std::vector<int64_t> suffix_ids;  // put after it
};

// root: of tokenizer.json. Throws Error kModel for steps that this program does not know.
TokenizerRules read_rules(const JsonView& root);

}  // namespace acestep::text
