// How long the language model takes for words alone: the modes understand, create_sample and
// format_sample of `bench`.
#pragma once

#include <string>

#include "cli/command.h"

namespace acestep::cli {

bool is_service_mode(const std::string& mode);

// Returns the exit code. Throws Error.
int bench_service(const CommandCall& call, const std::string& mode);

}  // namespace acestep::cli
