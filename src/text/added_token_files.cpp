#include "text/added_token_files.h"

#include <charconv>
#include <set>

#include "text/token_table.h"
#include "util/error.h"

namespace acestep::text {
namespace fs = std::filesystem;
namespace {

// The first file that names an id decides its options; the later ones may only agree or add.
void add(std::map<int64_t, AddedToken>& tokens, AddedToken token, const JsonView& origin) {
  if (token.content.empty()) origin.fail("is an empty token");
  const auto [place, is_new] = tokens.emplace(token.id, token);
  if (is_new) return;
  if (place->second.content != token.content) {
    origin.fail("gives id " + std::to_string(token.id) + " to '" + token.content +
                "', but it belongs to '" + place->second.content + "'");
  }
  place->second.is_special |= token.is_special;
}

// One entry of `added_tokens` or `added_tokens_decoder`.
AddedToken read_entry(const JsonView& entry, int64_t id) {
  for (const char* option : {"single_word", "lstrip", "rstrip"}) {
    if (entry.is_true(option)) entry.at(option).fail("is true, which is not supported");
  }
  return {entry.at("content").string(), id, entry.is_true("special"), entry.is_true("normalized")};
}

void add_from_tokenizer_json(std::map<int64_t, AddedToken>& tokens, const JsonView& root) {
  const std::optional<JsonView> list = root.find("added_tokens");
  if (!list) return;
  std::set<int64_t> seen;
  for (size_t i = 0; i < list->array().size(); ++i) {
    const JsonView entry = list->item(i);
    const int64_t id = entry.at("id").integer(0, TokenTable::kLargestId);
    if (!seen.insert(id).second) entry.fail("repeats id " + std::to_string(id));
    add(tokens, read_entry(entry, id), entry);
  }
}

int64_t id_from_key(const std::string& key, const JsonView& entry) {
  int64_t id = -1;
  const auto [end, failure] = std::from_chars(key.data(), key.data() + key.size(), id);
  const bool is_id = failure == std::errc{} && end == key.data() + key.size() && id >= 0 &&
                     id <= TokenTable::kLargestId;
  if (!is_id) {
    entry.fail("is not named by an id from 0 to " + std::to_string(TokenTable::kLargestId));
  }
  return id;
}

void add_from_config(std::map<int64_t, AddedToken>& tokens, const JsonView& root) {
  const std::optional<JsonView> decoder = root.find("added_tokens_decoder");
  if (!decoder) return;
  for (const auto& [key, value] : decoder->object().items()) {
    const JsonView entry = decoder->at(key);
    add(tokens, read_entry(entry, id_from_key(key, entry)), entry);
  }
}

void add_from_added_tokens_json(std::map<int64_t, AddedToken>& tokens, const JsonView& root) {
  for (const auto& [content, value] : root.object().items()) {
    const bool is_id = value.is_number_unsigned() &&
                       value.get<uint64_t>() <= static_cast<uint64_t>(TokenTable::kLargestId);
    if (!is_id) root.at(content).integer(0, TokenTable::kLargestId);  // throws
    const auto known = tokens.find(value.get<int64_t>());
    const bool is_known = known != tokens.end() && known->second.content == content;
    if (!is_known) add(tokens, {content, value.get<int64_t>(), false, false}, root.at(content));
  }
}

// A role is a plain string or an object with "content".
std::string role(const JsonView& root, const char* name) {
  const std::optional<JsonView> member = root.find(name);
  if (!member) return {};
  return member->is_string() ? member->string() : member->at("content").string();
}

std::set<std::string> special_contents(const JsonView& root) {
  std::set<std::string> contents;
  for (const char* name : {"bos_token", "eos_token", "pad_token", "unk_token"}) {
    contents.insert(role(root, name));
  }
  const std::optional<JsonView> more = root.find("additional_special_tokens");
  if (!more) return contents;
  for (size_t i = 0; i < more->array().size(); ++i) {
    const JsonView item = more->item(i);
    contents.insert(item.is_string() ? item.string() : item.at("content").string());
  }
  return contents;
}

void read_roles(AddedTokenFiles& files, const JsonView& root) {
  if (files.eos_token.empty()) files.eos_token = role(root, "eos_token");
  if (files.pad_token.empty()) files.pad_token = role(root, "pad_token");
  const std::set<std::string> special = special_contents(root);
  for (auto& [id, token] : files.tokens) token.is_special |= special.count(token.content) != 0;
}

}  // namespace

AddedTokenFiles read_added_tokens(const fs::path& folder,
                                  const std::optional<JsonView>& tokenizer_json) {
  AddedTokenFiles files;
  const fs::path config_path = folder / "tokenizer_config.json";
  const JsonFile config(config_path);
  files.roles_origin = config_path.string();
  if (tokenizer_json) add_from_tokenizer_json(files.tokens, *tokenizer_json);
  add_from_config(files.tokens, config.root());
  const fs::path added_path = folder / "added_tokens.json";
  if (fs::exists(added_path)) add_from_added_tokens_json(files.tokens, JsonFile(added_path).root());

  read_roles(files, config.root());
  const fs::path map_path = folder / "special_tokens_map.json";
  if (fs::exists(map_path)) read_roles(files, JsonFile(map_path).root());
  if (files.eos_token.empty()) config.root().fail("lacks the key 'eos_token'");
  if (files.pad_token.empty()) config.root().fail("lacks the key 'pad_token'");
  return files;
}

}  // namespace acestep::text
