#include "request/entries.h"

#include <algorithm>

#include "request/text.h"
#include "request/value.h"

namespace acestep::request {
namespace {

using nlohmann::json;

auto position_of(Document& document, std::string_view key) {
  return std::find_if(document.entries.begin(), document.entries.end(),
                      [&](const Entry& entry) { return entry.key == key; });
}

std::string shown(const json& value) {
  return in_quotes(value.is_string() ? value.get<std::string>() : value.dump());
}

}  // namespace

const Entry* find_entry(const Document& document, std::string_view key) {
  for (const Entry& entry : document.entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

std::optional<json> take_entry(Document& document, std::string_view key) {
  const auto found = position_of(document, key);
  if (found == document.entries.end()) return std::nullopt;
  json value = std::move(found->value);
  document.entries.erase(found);
  if (value.is_null()) return std::nullopt;
  return value;
}

void put_entry(Document& document, std::string_view from, const std::string& key, json value) {
  const Entry* present = find_entry(document, key);
  if (present != nullptr && !present->value.is_null()) {
    document.findings.problems.push_back(document.name + ": " + in_quotes(from) + " says what " +
                                         in_quotes(key) + " says too; give one of them");
    return;
  }
  take_entry(document, key);
  document.entries.push_back({key, std::move(value)});
}

void change_entry(Document& document, const std::string& key, const json& value,
                  const std::string& why) {
  const std::optional<json> old = take_entry(document, key);
  document.entries.push_back({key, value});
  if (old && *old != value) document.findings.adjustments.push_back({key, *old, value, why});
}

bool is_open(const json& value) {
  return value.is_null() || (value.is_string() && means_unset(value.get<std::string>()));
}

std::optional<double> number_in(const json& value) {
  const std::optional<Value> read = value_from_json(FieldType::kReal, value);
  const double* number = read ? std::get_if<double>(&*read) : nullptr;
  if (number == nullptr) return std::nullopt;
  return *number;
}

bool is_true(const json& value) {
  if (value.is_number()) return value != 0;
  const std::optional<Value> read = value_from_json(FieldType::kBool, value);
  const bool* truth = read ? std::get_if<bool>(&*read) : nullptr;
  return truth != nullptr && *truth;
}

void refuse_value(Document& document, std::string_view key, const json& value,
                  const std::string& allowed) {
  document.findings.problems.push_back(document.name + ": " + std::string(key) + " = " +
                                       shown(value) + ": " + allowed);
}

}  // namespace acestep::request
