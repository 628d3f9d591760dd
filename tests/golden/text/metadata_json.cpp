#include "golden/text/metadata_json.h"

#include <stdexcept>

namespace acestep::golden {

text::MetadataValue value_from_json(const nlohmann::json& value) {
  if (value.is_null()) return {};
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<int64_t>();
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return value.get<std::string>();
  throw std::runtime_error("metadata of an unknown type: " + value.dump());
}

text::Metadata metadata_from_json(const nlohmann::json& object) {
  text::Metadata metadata;
  for (const auto& [key, value] : object.items()) metadata[key] = value_from_json(value);
  return metadata;
}

nlohmann::json to_json(const text::MetadataValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  return nullptr;
}

nlohmann::json to_json(const text::Metadata& metadata) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [key, value] : metadata) object[key] = to_json(value);
  return object;
}

std::string string_or_empty(const nlohmann::json& value) {
  return value.is_null() ? std::string() : value.get<std::string>();
}

}  // namespace acestep::golden
