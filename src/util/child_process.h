// A program run as a child, its streams in files, ended when we are asked to stop.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "util/error.h"
#include "util/stop_token.h"

namespace acestep::util {

struct ChildCall {
  std::filesystem::path program;         // looked for in PATH where it has no '/'
  std::vector<std::string> arguments;    // the program's name first
  std::vector<std::string> environment;  // "NAME=VALUE"
  std::filesystem::path output;          // what it writes to standard output
  std::filesystem::path errors;          // to standard error
  uint64_t most_output_bytes = UINT64_MAX;
  ErrorCode blame = ErrorCode::kInternal;  // for a program that cannot be started or writes more
};

struct ChildEnd {
  int exit_code = 0;
  int signal = 0;  // that ended it; 0: it ended by itself
  double seconds = 0;
};

// Waits for its end and asks check_stop while it runs, unless that is empty. Throws Error `blame`
// when the program cannot be started, a file not be made, or its output grows too large, and what
// check_stop throws: the child has then been ended and waited for.
ChildEnd run_child(const ChildCall& call, const std::function<void()>& check_stop);
ChildEnd run_child(const ChildCall& call, const StopToken& stop);

// This process's variables but those of these names.
std::vector<std::string> environment_without(const std::vector<std::string>& names);

}  // namespace acestep::util
