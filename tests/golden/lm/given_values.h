// Metadata objects of the golden data as the language model's interfaces take them.
#pragma once

#include <nlohmann/json.hpp>

#include "lm/metadata_field.h"
#include "text/metadata.h"

namespace acestep::golden {

// JSON object or null -> metadata; JSON numbers keep their kind.
text::Metadata metadata_from(const nlohmann::json& object);
nlohmann::json metadata_json(const text::Metadata& metadata);

// As str() of Python writes them; nulls are left out.
lm::GivenValues given_values(const nlohmann::json& object);

}  // namespace acestep::golden
