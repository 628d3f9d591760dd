// What a request asks for, carried out and shown: songs, a dry run, or the language model's part.
#pragma once

#include "cli/prepare.h"
#include "device/cuda_backend.h"

namespace acestep::cli {

// Starts the log. Returns the exit code. Throws Error.
int generate(const Prepared& prepared, const device::CudaBackend& cuda);

}  // namespace acestep::cli
