// The one place where the command line meets the engine.
#pragma once

#include <nlohmann/json.hpp>

#include "cli/prepare.h"
#include "device/cuda_backend.h"
#include "song/observer.h"
#include "util/stop_token.h"

namespace acestep::cli {

// Makes and writes the songs. Returns the result object of docs/CLI.md with what prepare() changed
// and warned of. Throws Error.
nlohmann::json make_songs(const Prepared& prepared, const device::CudaBackend& cuda,
                          song::Observer& observer, const util::StopToken& stop);

}  // namespace acestep::cli
