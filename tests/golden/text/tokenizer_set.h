// The tokenizers that a golden set names, and comparing ids with their stored form.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "golden/case.h"
#include "text/tokenizer.h"

namespace acestep::golden {

// role: a key of the set's set.json ("tokenizer", "embedding_tokenizer").
text::Tokenizer open_tokenizer(const Case& the_case, const std::string& role);

// entry: n, ids_sha256 and one of ids, ids_head + ids_tail.
void check_ids(const std::string& label, const std::vector<int64_t>& ids,
               const nlohmann::json& entry, Check& check);

}  // namespace acestep::golden
