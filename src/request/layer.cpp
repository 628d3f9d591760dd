#include "request/layer.h"

#include <algorithm>

#include "request/nearest.h"
#include "request/request_fields.h"
#include "request/text.h"

namespace acestep::request {
namespace {

std::string where(const Document& document, const Entry& entry) {
  std::string place = document.name == "-" ? "standard input" : document.name;
  if (entry.line > 0) place += " line " + std::to_string(entry.line);
  return place;
}

std::string unknown_key(const Document& document, const Entry& entry) {
  std::string message = where(document, entry) + ": unknown key " + in_quotes(entry.key);
  if (const auto near = nearest_name(entry.key, known_names())) {
    message += ", did you mean '" + *near + "'?";
  }
  return message;
}

// "auto" for a field that the plan decides when nobody says anything.
bool leaves_open(const Field& field, std::string_view text) {
  const bool has_default = !std::holds_alternative<Unset>(default_of(field));
  return !has_default && field.group == FieldGroup::kMemory && to_lower_ascii(trim(text)) == "auto";
}

std::optional<Value> read_entry(const Field& field, const nlohmann::json& json) {
  if (json.is_string() && leaves_open(field, json.get<std::string>())) return Value(Unset{});
  if (field.type == FieldType::kText && field.accepts_number && json.is_number()) {
    return json.dump();
  }
  return value_from_json(field.type, json);
}

std::string found_in(const nlohmann::json& json) {
  if (json.is_object()) return "an object";
  return in_quotes(json.is_string() ? json.get<std::string>() : json.dump());
}

void put(Layer& layer, const Field& field, Value value, const std::string& source) {
  layer.insert_or_assign(field.name, Given{std::move(value), source});
}

bool is_harmless(const Field& field, const Value& value) {
  if (value == default_of(field) || to_text(value).empty()) return true;
  const std::string text = to_text(value);
  return std::find(field.harmless.begin(), field.harmless.end(), text) != field.harmless.end();
}

// Keys of later versions: refused where they would change the song, told where they do nothing.
void judge_support(const Field& field, const Given& given, Findings& findings) {
  if (field.support == FieldSupport::kNow || is_harmless(field, given.value)) return;
  const std::string what =
      field.name + " = " + in_quotes(to_text(given.value)) + " (" + given.source + ")";
  if (field.support == FieldSupport::kLater) {
    findings.problems.push_back(what + ": not supported yet; leave it out");
  } else {
    findings.warnings.push_back(what + ": has no effect in this version");
  }
}

}  // namespace

void put_text(Layer& layer, const Field& asked, std::string_view text, const std::string& source,
              Findings& findings) {
  // "--seed 1,2,3" means --seeds.
  const bool is_list = asked.name == "seed" && text.find(',') != std::string_view::npos;
  const Field& field = is_list ? field_named("seeds") : asked;
  if (!is_utf8(text)) {
    findings.problems.push_back(field.name + " (" + source + "): not valid UTF-8");
  } else if (leaves_open(field, text)) {
    put(layer, field, Unset{}, source);
  } else if (auto value = value_from_text(field.type, text)) {
    put(layer, field, std::move(*value), source);
  } else {
    findings.problems.push_back(field.name + " = " + in_quotes(text) + " (" + source +
                                "): expected " + describe_allowed(field));
  }
}

FileLayer read_layer(const Document& document, Findings& findings) {
  FileLayer file;
  append(findings, document.findings);
  for (const Entry& entry : document.entries) {
    const Field* field = find_field(entry.key);
    if (field == nullptr) {
      file.unknown_keys.push_back(unknown_key(document, entry));
      continue;
    }
    if (entry.value.is_null()) continue;  // writers put null for what is left open
    if (file.layer.contains(field->name)) {
      findings.problems.push_back(where(document, entry) + ": " + in_quotes(entry.key) +
                                  " repeats the field " + field->name);
    } else if (auto value = read_entry(*field, entry.value)) {
      put(file.layer, *field, std::move(*value), "file:" + document.name);
    } else {
      findings.problems.push_back(where(document, entry) + ": " + entry.key + " = " +
                                  found_in(entry.value) + ": expected " + describe_allowed(*field));
    }
  }
  return file;
}

std::string Gathered::source_of(const std::string& field) const {
  const auto found = origins.find(field);
  return found == origins.end() ? "default" : found->second.source;
}

Gathered gather(const std::vector<Layer>& layers, Findings& findings) {
  Gathered gathered;
  std::map<std::string, Given> winners;
  for (size_t rank = 0; rank < layers.size(); ++rank) {
    for (const auto& [name, given] : layers[rank]) {
      winners.insert_or_assign(name, given);
      gathered.origins.insert_or_assign(name, Origin{given.source, static_cast<int>(rank)});
    }
  }
  for (const auto& [name, given] : winners) {
    const Field& field = field_named(name);
    judge_support(field, given, findings);
    put_value(gathered.settings, field, given.value);
  }
  return gathered;
}

}  // namespace acestep::request
