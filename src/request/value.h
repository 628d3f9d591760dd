// A value as it arrives from a command line, an environment variable or a file, before it has a
// place in Settings.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace acestep::request {

// "Left open": null, "", "N/A", or "auto" where a field allows it.
using Unset = std::monostate;
using Value = std::variant<Unset, bool, int64_t, double, std::string, std::vector<int64_t>,
                           std::vector<double>, std::vector<std::string>>;

enum class FieldType { kBool, kInteger, kReal, kText, kIntegerList, kRealList, kTextList };

// What stands between typed texts of a list; a line's end does, too.
inline constexpr char kTextSeparator = ';';

// "a whole number", "true or false", … for messages.
std::string_view describe(FieldType type);

// Reads a value typed by a person; absent: it is not of that type.
std::optional<Value> value_from_text(FieldType type, std::string_view text);

// Reads a value of a JSON document (TOML arrives as JSON too). Numbers and truths written as
// strings are accepted. Absent: it is not of that type.
std::optional<Value> value_from_json(FieldType type, const nlohmann::json& json);

// null for Unset.
nlohmann::json to_json(const Value& value);

// As a person would type it; "" for Unset.
std::string to_text(const Value& value);

}  // namespace acestep::request
