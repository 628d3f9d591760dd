// The one place where the command line meets the engine.
#pragma once

#include <nlohmann/json.hpp>

#include "cli/prepare.h"
#include "cli/progress.h"
#include "util/stop_token.h"

namespace acestep::cli {

// Makes and writes the songs. Returns the result object of docs/CLI.md: {success, error,
// status_message, audios, extra_outputs, version}. Throws Error.
nlohmann::json make_songs(const Prepared& prepared, Progress& progress,
                          const util::StopToken& stop);

}  // namespace acestep::cli
