#include "text/metadata.h"

#include <cmath>

#include "text/python_text.h"

namespace acestep::text {

const MetadataValue& value_of(const Metadata& metadata, std::string_view key) {
  static const MetadataValue null;
  const auto found = metadata.find(key);
  return found == metadata.end() ? null : found->second;
}

bool is_null(const MetadataValue& value) { return std::holds_alternative<std::monostate>(value); }

bool is_filled(const MetadataValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return !text->empty();
  if (const auto* number = std::get_if<double>(&value)) return *number != 0.0;
  if (const auto* number = std::get_if<int64_t>(&value)) return *number != 0;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  return false;
}

bool is_text(const MetadataValue& value, std::string_view text) {
  const auto* held = std::get_if<std::string>(&value);
  return held != nullptr && *held == text;
}

std::string to_text(const MetadataValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<double>(&value)) return float_text(*number);
  if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "True" : "False";
  return "None";
}

std::optional<int64_t> to_integer(const MetadataValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return parse_integer(*text);
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1 : 0;
  const auto* number = std::get_if<double>(&value);
  constexpr double kTooBig = 9.2e18;
  if (number == nullptr || !(std::fabs(*number) < kTooBig)) return std::nullopt;
  return static_cast<int64_t>(*number);  // truncates, as Python's int() does
}

std::optional<double> to_float(const MetadataValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return parse_float(*text);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* number = std::get_if<int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1.0 : 0.0;
  return std::nullopt;
}

}  // namespace acestep::text
