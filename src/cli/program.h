// The whole program behind main: choose a command, run it, turn every failure into an exit code.
#pragma once

#include <string>
#include <vector>

namespace acestep::cli {

// arguments: without the program's name. Returns the exit code (docs/CLI.md); never throws.
int run_program(const std::vector<std::string>& arguments);

}  // namespace acestep::cli
