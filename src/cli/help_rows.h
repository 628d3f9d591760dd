// The words about one field that help text and docs share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "request/field.h"

namespace acestep::cli {

// "-d, --duration", "--force" or, for what is on unless told otherwise, "--[no-]thinking".
std::string option_name(const request::Field& field);

// What stands for the value in "--duration N"; "" for switches.
std::string value_name(const request::Field& field);

// "10 … 600", "ode", "text"; "" for switches.
std::string allowed_values(const request::Field& field);

// "0.85", "on", "left to the language model".
std::string default_text(const request::Field& field);

// "ACESTEP_DEVICE", the reference's own name first.
std::vector<std::string> environment_names(const request::Field& field);

struct ExitCodeRow {
  int code;
  std::string_view meaning;
};
const std::vector<ExitCodeRow>& exit_code_rows();

}  // namespace acestep::cli
