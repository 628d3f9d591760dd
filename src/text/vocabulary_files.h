// The BPE vocabulary and merges of a tokenizer, from tokenizer.json or from vocab.json +
// merges.txt.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "text/model_json.h"
#include "text/token_table.h"

namespace acestep::text {

struct Vocabulary {
  std::vector<TokenTable::Entry> entries;  // in file order, ids unchecked but in range
  std::vector<std::pair<std::string, std::string>> merges;  // best rank first
  std::string origin;                                       // where the merges are, for complaints
};

// model: the key "model" of tokenizer.json. Throws Error kModel for anything but plain byte-level
// BPE.
Vocabulary read_vocabulary(const JsonView& model);

// folder: holds vocab.json and merges.txt.
Vocabulary read_vocabulary(const std::filesystem::path& folder);

}  // namespace acestep::text
