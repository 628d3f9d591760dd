// One function per command. Each takes its arguments without the command's name, returns the exit
// code and throws Error.
#pragma once

#include <string>
#include <vector>

#include "device/cuda_backend.h"

namespace acestep::cli {

int cmd_generate(const std::vector<std::string>& arguments, const device::CudaBackend& cuda);
int cmd_models(const std::vector<std::string>& arguments);
int cmd_version(const std::vector<std::string>& arguments, const device::CudaBackend& cuda);

}  // namespace acestep::cli
