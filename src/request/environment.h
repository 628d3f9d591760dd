// Settings that come from environment variables, the process's own or those of a .env file.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "request/env_file.h"
#include "request/field.h"
#include "request/findings.h"
#include "request/layer.h"

namespace acestep::request {

// Absent: not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// ACESTEP_<NAME> of these fields, the reference's own names for them, and its switches. An empty
// variable says nothing. Sources are "env:NAME".
Layer read_environment(const Environment& environment, const std::vector<const Field*>& fields,
                       Findings& findings);

// The same for a .env file; sources are "env:NAME in FILE line N".
Layer read_environment(const EnvFile& file, const std::vector<const Field*>& fields,
                       Findings& findings);

// The variables of a file alone. The file must outlive it.
Environment environment_of(const EnvFile& file);

enum class VariableUse {
  kField,      // gives a field its value
  kElsewhere,  // read by a command or a library
  kNotYet,     // known, no effect in this version
  kNever,      // of the reference, without a meaning here
};

struct Variable {
  std::string name;
  VariableUse use = VariableUse::kField;
  std::string meaning;  // for people; of a field: its name
};

// Every variable whose name is known, those of the fields first, in the table's order.
const std::vector<Variable>& known_variables();

// Those that are set to something and have no effect.
std::vector<Variable> idle_variables(const Environment& environment);

// Of these variables those whose field comes with a later version: what they ask is not done.
std::vector<std::string> refused_wishes(const std::vector<Variable>& idle);

// ACESTEP_… names of a file that nobody reads, one message each with the nearest name.
std::vector<std::string> unknown_variables(const EnvFile& file);

// "no effect in this version", … for people.
std::string_view describe(VariableUse use);

}  // namespace acestep::request
