// Metadata between the golden files' JSON and the program's type.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "text/metadata.h"

namespace acestep::golden {

text::MetadataValue value_from_json(const nlohmann::json& value);
text::Metadata metadata_from_json(const nlohmann::json& object);
nlohmann::json to_json(const text::MetadataValue& value);
nlohmann::json to_json(const text::Metadata& metadata);

// A string argument; null reads as empty.
std::string string_or_empty(const nlohmann::json& value);

}  // namespace acestep::golden
