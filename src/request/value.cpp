#include "request/value.h"

#include <charconv>
#include <cmath>
#include <optional>

#include "request/text.h"

namespace acestep::request {
namespace {

template <typename Number>
std::optional<Number> whole_text_as(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::string_view without_plus(std::string_view text) {
  const bool has_plus = text.size() > 1 && text.front() == '+' && text[1] != '-';
  return has_plus ? text.substr(1) : text;
}

// 30.0 counts as the whole number 30; 2^53 bounds what a double holds exactly.
std::optional<int64_t> as_whole(double number) {
  constexpr double kExact = 9007199254740992.0;
  if (!std::isfinite(number) || std::abs(number) > kExact) return std::nullopt;
  if (number != std::floor(number)) return std::nullopt;
  return static_cast<int64_t>(number);
}

std::optional<int64_t> integer_in(std::string_view text) {
  text = without_plus(text);
  if (const auto number = whole_text_as<int64_t>(text)) return number;
  if (const auto number = whole_text_as<double>(text)) return as_whole(*number);
  return std::nullopt;
}

std::optional<double> real_in(std::string_view text) {
  const auto number = whole_text_as<double>(without_plus(text));
  if (!number || !std::isfinite(*number)) return std::nullopt;
  return number;
}

std::optional<bool> bool_in(std::string_view text) {
  const std::string word = to_lower_ascii(text);
  if (word == "true" || word == "yes" || word == "on" || word == "1") return true;
  if (word == "false" || word == "no" || word == "off" || word == "0") return false;
  return std::nullopt;
}

// "1, 2 3" or "[1, 2, 3,]" without the brackets and separators.
std::vector<std::string> list_items(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  return split_any(text, ", \t\n");
}

template <typename Number, typename Read>
std::optional<Value> read_list(const std::vector<std::string>& items, Read read) {
  std::vector<Number> numbers;
  for (const std::string& item : items) {
    const auto number = read(item);
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

std::optional<Value> list_of(FieldType type, const std::vector<std::string>& items) {
  if (type == FieldType::kIntegerList) return read_list<int64_t>(items, integer_in);
  return read_list<double>(items, real_in);
}

std::vector<std::string> texts_in(std::string_view text) {
  constexpr char kSeparators[] = {kTextSeparator, '\n', '\0'};
  std::vector<std::string> texts;
  for (const std::string& part : split_any(text, kSeparators)) {
    const std::string_view item = trim(part);
    if (!item.empty()) texts.emplace_back(item);
  }
  return texts;
}

bool is_number_list(FieldType type) {
  return type == FieldType::kIntegerList || type == FieldType::kRealList;
}

std::optional<Value> value_from_array(FieldType type, const nlohmann::json& array) {
  if (type == FieldType::kText) {  // vocal_language may be a list: the first entry counts
    if (array.empty() || !array.front().is_string()) return std::nullopt;
    return array.front().get<std::string>();
  }
  if (type == FieldType::kTextList) {
    std::vector<std::string> texts;
    for (const auto& item : array) {
      if (!item.is_string()) return std::nullopt;
      texts.push_back(item.get<std::string>());
    }
    return texts;
  }
  if (!is_number_list(type)) return std::nullopt;
  std::vector<std::string> items;
  for (const auto& item : array) {
    if (!item.is_number() && !item.is_string()) return std::nullopt;
    items.push_back(item.is_string() ? item.get<std::string>() : item.dump());
  }
  return list_of(type, items);
}

}  // namespace

std::string_view describe(FieldType type) {
  switch (type) {
    case FieldType::kBool:
      return "true or false";
    case FieldType::kInteger:
      return "a whole number";
    case FieldType::kReal:
      return "a number";
    case FieldType::kText:
      return "text";
    case FieldType::kIntegerList:
      return "whole numbers with commas between";
    case FieldType::kRealList:
      return "numbers with commas between";
    case FieldType::kTextList:
      return "texts with ; between";
  }
  return "a value";
}

std::optional<Value> value_from_text(FieldType type, std::string_view text) {
  if (type == FieldType::kText) return std::string(text);
  const std::string_view word = trim(text);
  if (means_unset(word)) return Unset{};
  if (type == FieldType::kTextList) return texts_in(word);
  if (is_number_list(type)) return list_of(type, list_items(word));
  if (type == FieldType::kBool) return bool_in(word);
  if (type == FieldType::kInteger) return integer_in(word);
  return real_in(word);
}

std::optional<Value> value_from_json(FieldType type, const nlohmann::json& json) {
  if (json.is_null()) return Unset{};
  if (json.is_string()) return value_from_text(type, json.get<std::string>());
  if (json.is_array()) return value_from_array(type, json);
  if (json.is_boolean() && type == FieldType::kBool) return json.get<bool>();
  const bool wants_number =
      type != FieldType::kBool && type != FieldType::kText && type != FieldType::kTextList;
  if (json.is_number() && wants_number) return value_from_text(type, json.dump());
  return std::nullopt;
}

nlohmann::json to_json(const Value& value) {
  return std::visit(
      [](const auto& held) -> nlohmann::json {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, Unset>) {
          return nullptr;
        } else {
          return held;
        }
      },
      value);
}

std::string to_text(const Value& value) {
  if (std::holds_alternative<Unset>(value)) return "";
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) {
    return join(*texts, std::string_view(&kTextSeparator, 1));
  }
  std::string text = to_json(value).dump();
  if (text.front() == '[') text = text.substr(1, text.size() - 2);
  return text;
}

}  // namespace acestep::request
