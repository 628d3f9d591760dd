// --track all: the same request once for every track.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/engine_call.h"

namespace acestep::cli {

bool wants_every_track(const request::Settings& settings);

// Throws Error kUsage where the songs' names would not tell the tracks apart.
void require_names_of_tracks(const request::Settings& settings);

// make(call) for every track in turn, their songs in one result; a call of one track for others.
// Names get "-{track}" where they have no {track}.
nlohmann::json make_tracks(const Prepared& prepared,
                           const std::function<nlohmann::json(const SongCall& call)>& make);

}  // namespace acestep::cli
