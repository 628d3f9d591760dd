// Everything a tokenizer folder says, checked as a whole: tokens, merges, added tokens, text rules.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "text/added_tokens.h"
#include "text/token_table.h"
#include "text/tokenizer_rules.h"

namespace acestep::text {

struct TokenizerFiles {
  TokenTable table;                     // plain and added tokens
  std::vector<int64_t> byte_token_ids;  // by byte value
  std::vector<int64_t> merged_ids;      // results of the merges, best rank first, each once
  std::vector<AddedToken> added;
  TokenizerRules rules;
  int64_t eos_id;
  int64_t pad_id;
};

// Reads tokenizer.json, or vocab.json and merges.txt where it is absent; tokenizer_config.json,
// added_tokens.json and special_tokens_map.json add to it and must not contradict it. Throws Error
// kModel naming file and key.
TokenizerFiles read_tokenizer_files(const std::filesystem::path& folder);

}  // namespace acestep::text
