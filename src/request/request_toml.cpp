#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "request/dialects.h"
#include "request/document.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::request {
namespace {

using nlohmann::json;

std::string place(const std::string& name, const toml::source_position& position) {
  return name + " line " + std::to_string(position.line) + ", column " +
         std::to_string(position.column);
}

json to_json(const toml::node& node, const std::string& name) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* truth = node.as_boolean()) return truth->get();
  if (const auto* array = node.as_array()) {
    json list = json::array();
    for (const toml::node& item : *array) list.push_back(to_json(item, name));
    return list;
  }
  throw Error(ErrorCode::kUsage, place(name, node.source().begin) +
                                     ": expected text, a number, true, false or a list");
}

void put(Document& document, Entry entry) {
  const auto same_key = [&](const Entry& other) { return other.key == entry.key; };
  const auto found = std::find_if(document.entries.begin(), document.entries.end(), same_key);
  if (found == document.entries.end()) {
    document.entries.push_back(std::move(entry));
  } else {
    *found = std::move(entry);
  }
}

void append_values(Document& document, const toml::table& table) {
  for (const auto& [key, node] : table) {
    if (node.is_table()) continue;
    put(document, {std::string(key.str()), to_json(node, document.name),
                   static_cast<int>(node.source().begin.line)});
  }
}

// [defaults] and [generate] hold values; any other table is a key we do not know.
void append_tables(Document& document, const toml::table& root) {
  for (const char* wanted : {"defaults", "generate"}) {
    if (const toml::table* table = root[wanted].as_table()) append_values(document, *table);
  }
  for (const auto& [key, node] : root) {
    const bool is_ours = key.str() == "defaults" || key.str() == "generate";
    if (!node.is_table() || is_ours) continue;
    put(document,
        {std::string(key.str()), json::object(), static_cast<int>(node.source().begin.line)});
  }
}

}  // namespace

Document read_request_toml(std::string_view text, const std::string& name) {
  if (!is_utf8(text)) throw Error(ErrorCode::kUsage, name + ": not valid UTF-8");
  try {
    const toml::table root = toml::parse(text, name);
    Document document{.name = name, .dialect = "TOML"};
    append_values(document, root);
    append_tables(document, root);
    adopt_prompt(document);
    return document;
  } catch (const toml::parse_error& error) {
    throw Error(ErrorCode::kUsage, place(name, error.source().begin) +
                                       ": not valid TOML: " + std::string(error.description()));
  }
}

}  // namespace acestep::request
