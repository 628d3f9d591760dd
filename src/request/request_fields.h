// The one table of all fields: it drives file keys, options, --help, docs/CLI.md and --dry-run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "request/field.h"

namespace acestep::request {

// All fields in the order in which --help and docs/CLI.md list them; built once.
const std::vector<Field>& all_fields();

// By name or alias; '-' counts as '_'. nullptr: no such field.
const Field* find_field(std::string_view name);

// Like find_field for a name that exists in the table. Throws Error kInternal otherwise.
const Field& field_named(std::string_view name);

// Those that can be given now, in the same order.
const std::vector<const Field*>& supported_fields();

// Names and aliases of fields that can be given now.
std::vector<std::string> known_names();

// "Text", "Sampling", … : headings of --help and docs/CLI.md.
std::string_view title_of(FieldGroup group);
const std::vector<FieldGroup>& all_groups();

}  // namespace acestep::request
