// A .env file: values for variables that the process's own environment leaves unset.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::request {

struct EnvVariable {
  std::string name;
  std::string value;
  int line = 0;  // 1-based
};

struct EnvFile {
  std::string name = {};  // as the user wrote it
  std::vector<EnvVariable> variables = {};

  // The last one of that name, as a shell would have it; nullptr: none.
  const EnvVariable* find(std::string_view variable) const;
};

// Lines NAME=VALUE or export NAME=VALUE, blank lines and # comments. 'single' quotes hold their
// text as it is, "double" quotes know \n \r \t \" \\ \$, both may run over lines; without quotes a
// value ends at the line's end or at a blank before #. Nothing is expanded: $ is a dollar sign.
// Throws Error kUsage naming file and line.
EnvFile read_env_file(std::string_view text, const std::string& name);

}  // namespace acestep::request
