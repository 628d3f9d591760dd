// One function per command. Each takes its arguments without the command's name, returns the exit
// code and throws Error.
#pragma once

#include <string>
#include <vector>

namespace acestep::cli {

int cmd_generate(const std::vector<std::string>& arguments);
int cmd_models(const std::vector<std::string>& arguments);
int cmd_version(const std::vector<std::string>& arguments);

}  // namespace acestep::cli
