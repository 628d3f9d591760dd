#include "text/tokenizer_files.h"

#include <algorithm>
#include <optional>

#include "text/added_token_files.h"
#include "text/byte_alphabet.h"
#include "text/vocabulary_files.h"
#include "util/error.h"

namespace acestep::text {
namespace fs = std::filesystem;
namespace {

TokenTable make_table(std::vector<TokenTable::Entry> entries, const AddedTokenFiles& added,
                      const fs::path& folder) {
  int64_t last_plain_id = -1;
  for (const auto& entry : entries) last_plain_id = std::max(last_plain_id, entry.id);
  const size_t plain_count = entries.size();
  const auto is_plain_too = [&](const AddedToken& token) {
    if (token.id > last_plain_id) return false;
    return std::any_of(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(plain_count),
                       [&](const auto& e) { return e.id == token.id && e.token == token.content; });
  };
  for (const auto& [id, token] : added.tokens) {
    if (!is_plain_too(token)) entries.push_back({token.content, id});
  }
  return TokenTable(std::move(entries), folder.string());
}

std::vector<int64_t> find_byte_tokens(const TokenTable& table, const std::string& origin) {
  std::vector<int64_t> ids;
  for (int byte = 0; byte < 256; ++byte) {
    const std::optional<int64_t> id = table.find(alphabet_symbol(static_cast<uint8_t>(byte)));
    if (!id) {
      throw Error(ErrorCode::kModel, origin + ": the vocabulary lacks a token for byte " +
                                         std::to_string(byte) + ", so it is not byte-level BPE");
    }
    ids.push_back(*id);
  }
  return ids;
}

// The engine scores a merge by its result alone, so each result must have exactly one rank.
std::vector<int64_t> resolve_merges(const TokenTable& table, const Vocabulary& vocabulary) {
  std::vector<int64_t> merged_ids;
  std::vector<bool> is_merged(static_cast<size_t>(table.size()), false);
  merged_ids.reserve(vocabulary.merges.size());
  for (const auto& [left, right] : vocabulary.merges) {
    const std::optional<int64_t> id = table.find(left + right);
    const bool is_known = id && table.find(left) && table.find(right);
    if (!is_known || is_merged[static_cast<size_t>(*id)]) {
      throw Error(ErrorCode::kModel,
                  vocabulary.origin + ": merge " + std::to_string(merged_ids.size()) + " ('" +
                      left + "' + '" + right + "') " +
                      (is_known ? "gives a token that an earlier merge gives"
                                : "uses or gives a token that is not in the vocabulary"));
    }
    is_merged[static_cast<size_t>(*id)] = true;
    merged_ids.push_back(*id);
  }
  return merged_ids;
}

void check_end_ids(const TokenizerRules& rules, const TokenTable& table,
                   const std::string& origin) {
  for (const auto* ids : {&rules.prefix_ids, &rules.suffix_ids}) {
    for (const int64_t id : *ids) {
      if (table.holds(id)) continue;
      throw Error(ErrorCode::kModel, origin + ": key 'post_processor' uses id " +
                                         std::to_string(id) + ", expected 0 to " +
                                         std::to_string(table.size() - 1));
    }
  }
}

int64_t role_id(const TokenTable& table, const std::string& content, const AddedTokenFiles& added,
                const char* key) {
  const std::optional<int64_t> id = table.find(content);
  if (id) return *id;
  throw Error(ErrorCode::kModel, added.roles_origin + ": key '" + key + "' is '" + content +
                                     "', which is not in the vocabulary");
}

TokenizerFiles assemble(Vocabulary vocabulary, TokenizerRules rules, const AddedTokenFiles& added,
                        const fs::path& folder) {
  TokenTable table = make_table(std::move(vocabulary.entries), added, folder);
  check_end_ids(rules, table, folder.string());
  std::vector<int64_t> byte_token_ids = find_byte_tokens(table, folder.string());
  std::vector<int64_t> merged_ids = resolve_merges(table, vocabulary);
  const int64_t eos_id = role_id(table, added.eos_token, added, "eos_token");
  const int64_t pad_id = role_id(table, added.pad_token, added, "pad_token");
  std::vector<AddedToken> tokens;
  for (const auto& [id, token] : added.tokens) tokens.push_back(token);
  return {std::move(table),
          std::move(byte_token_ids),
          std::move(merged_ids),
          std::move(tokens),
          std::move(rules),
          eos_id,
          pad_id};
}

}  // namespace

TokenizerFiles read_tokenizer_files(const fs::path& folder) {
  const fs::path path = folder / "tokenizer.json";
  if (!fs::exists(path) && fs::exists(folder / "vocab.json")) {
    return assemble(read_vocabulary(folder), {}, read_added_tokens(folder, std::nullopt), folder);
  }
  const JsonFile file(path);
  const JsonView root = file.root();
  return assemble(read_vocabulary(root.at("model")), read_rules(root),
                  read_added_tokens(folder, root), folder);
}

}  // namespace acestep::text
