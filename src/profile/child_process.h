// A program run as a child, its streams in files, ended when we are asked to stop.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "util/stop_token.h"

namespace acestep::profile {

struct ChildCall {
  std::filesystem::path program;
  std::vector<std::string> arguments;    // the program's name first
  std::vector<std::string> environment;  // "NAME=VALUE"
  std::filesystem::path output;          // what it writes to standard output
  std::filesystem::path errors;          // to standard error
};

struct ChildEnd {
  int exit_code = 0;
  int signal = 0;  // that ended it; 0: it ended by itself
  double seconds = 0;
};

// Waits for its end. Throws Error kInternal when the program cannot be started or a file not be
// made, and the token's Error once asked to stop: the child has then been ended and waited for.
ChildEnd run_child(const ChildCall& call, const util::StopToken& stop);

// This process's variables but those of these names.
std::vector<std::string> environment_without(const std::vector<std::string>& names);

}  // namespace acestep::profile
