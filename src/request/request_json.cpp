#include <map>
#include <set>
#include <string>

#include "request/dialects.h"
#include "request/document.h"
#include "request/json_document.h"
#include "request/json_lines.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::request {
namespace {

using nlohmann::json;

// The keys' lines, by lines_of_keys(); `parent` is "" or "key/".
struct Lines {
  std::map<std::string, int> of_keys;

  int of(const std::string& parent, const std::string& key) const {
    const auto found = of_keys.find(parent + key);
    return found == of_keys.end() ? 0 : found->second;
  }
};

void append_entries(Document& document, const json& object, const Lines& lines,
                    const std::string& parent) {
  for (const auto& [key, value] : object.items()) {
    document.entries.push_back({key, value, lines.of(parent, key)});
  }
}

// The object under `key`, checked. An absent key gives an empty object.
json object_at(const json& root, const std::string& key, const std::string& name) {
  const json object = root.value(key, json::object());
  if (!object.is_object()) {
    throw Error(ErrorCode::kUsage, name + ": key " + in_quotes(key) + " must hold an object");
  }
  return object;
}

// Golden requests: parameters and configuration apart, a null lm_model means none is loaded.
void append_golden(Document& document, const json& root, const Lines& lines) {
  append_entries(document, object_at(root, "params", document.name), lines, "params/");
  append_entries(document, object_at(root, "config", document.name), lines, "config/");
  for (const auto& [key, value] : root.items()) {
    if (key == "params" || key == "config") continue;
    const bool names_no_model = key == "lm_model" && value.is_null();
    document.entries.push_back({key, names_no_model ? json("none") : value, lines.of("", key)});
  }
}

void refuse_repeated_keys(const Document& document) {
  std::set<std::string> seen;
  for (const Entry& entry : document.entries) {
    if (!seen.insert(entry.key).second) {
      throw Error(ErrorCode::kUsage,
                  document.name + ": key " + in_quotes(entry.key) + " is given twice");
    }
  }
}

bool ends_with(std::string_view name, std::string_view ending) {
  return to_lower_ascii(name).ends_with(ending);
}

}  // namespace

Document read_request_json(std::string_view text, const std::string& name) {
  const json root = parse_json(text, name);
  if (!root.is_object()) throw Error(ErrorCode::kUsage, name + ": expected a JSON object");
  const bool has_lines = trim(text).find('\n') != std::string_view::npos;
  const Lines lines{has_lines ? lines_of_keys(text) : std::map<std::string, int>()};
  Document document{.name = name};
  if (root.contains("params")) {
    document.dialect = "params and config";
    append_golden(document, root, lines);
  } else if (root.contains("request")) {
    document.dialect = "acestep sidecar";
    append_entries(document, object_at(root, "request", name), lines, "request/");
  } else {
    document.dialect = "flat JSON";
    append_entries(document, root, lines, "");
    translate_dialect(document);
  }
  refuse_repeated_keys(document);
  adopt_prompt(document);
  return document;
}

Document read_request(std::string_view text, const std::string& name) {
  if (ends_with(name, ".toml")) return read_request_toml(text, name);
  const bool looks_like_json = trim(text).starts_with('{');
  if (ends_with(name, ".json") || looks_like_json) return read_request_json(text, name);
  return read_request_toml(text, name);
}

}  // namespace acestep::request
