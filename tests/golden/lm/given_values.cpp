#include "golden/lm/given_values.h"

#include <stdexcept>

namespace acestep::golden {
namespace {

using nlohmann::json;

text::MetadataValue value_from(const json& value) {
  if (value.is_null()) return {};
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<int64_t>();
  if (value.is_number_float()) return value.get<double>();
  if (value.is_string()) return value.get<std::string>();
  throw std::runtime_error("metadata value " + value.dump() + " is neither number nor text");
}

struct ToJson {
  json operator()(std::monostate) const { return nullptr; }
  template <typename T>
  json operator()(const T& value) const {
    return value;
  }
};

}  // namespace

text::Metadata metadata_from(const json& object) {
  text::Metadata metadata;
  if (object.is_null()) return metadata;
  for (const auto& [key, value] : object.items()) metadata[key] = value_from(value);
  return metadata;
}

json metadata_json(const text::Metadata& metadata) {
  json object = json::object();
  for (const auto& [key, value] : metadata) object[key] = std::visit(ToJson{}, value);
  return object;
}

lm::GivenValues given_values(const json& object) {
  lm::GivenValues given;
  for (const auto& [key, value] : metadata_from(object)) {
    const auto field = lm::field_named(key);
    if (field && !text::is_null(value)) given[*field] = text::to_text(value);
  }
  return given;
}

}  // namespace acestep::golden
