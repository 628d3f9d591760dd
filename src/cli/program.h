// The whole program behind main: choose a command, run it, turn every failure into an exit code.
#pragma once

#include <string>
#include <vector>

#include "device/cuda_backend.h"

namespace acestep::cli {

// arguments: without the program's name. cuda: what main found as its first act. Returns the exit
// code (docs/CLI.md); never throws.
int run_program(const std::vector<std::string>& arguments, const device::CudaBackend& cuda);

}  // namespace acestep::cli
