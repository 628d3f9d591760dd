// A request written down again, under our names: what `config convert` and the wizard give out.
#pragma once

#include <string>

#include "request/layer.h"

namespace acestep::request {

// Both hold the fields of the layer in the table's order and end with a newline. A field that the
// layer leaves open is "auto", which opens it over files of lower precedence. What they write is
// read back to the same layer.
std::string to_json_text(const Layer& layer);
std::string to_toml_text(const Layer& layer);

// `value` as it stands behind "name = " in TOML; false, 3, 0.5, "text\n", [ 1, 2 ].
std::string to_toml_value(const Value& value);

}  // namespace acestep::request
