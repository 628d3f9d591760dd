// The one place where the command line meets the engine.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/prepare.h"
#include "pipeline/session.h"
#include "song/observer.h"
#include "util/stop_token.h"

namespace acestep::cli {

// What the request wants of the machine: requests that agree can share a session.
pipeline::MachineOptions machine_options(const Prepared& prepared);

// Seeds and names of the request's songs.
pipeline::SongPlan plan_songs(const Prepared& prepared);

pipeline::OutputOptions output_options(const request::Settings& settings);

// `session` if it suits the request, else a new one in its place; the old one's models are freed
// first.
pipeline::Session& suitable_session(std::unique_ptr<pipeline::Session>& session,
                                    const Prepared& prepared, const device::CudaBackend& cuda);

struct SongCall {
  const Prepared& prepared;
  pipeline::SongPlan plan;
  pipeline::OutputOptions output;
};

// Makes and writes the songs. session: made with machine_options() of the same request. Returns the
// result object of docs/CLI.md with what prepare() changed and warned of. Throws Error, also when
// generation_timeout has passed.
nlohmann::json make_songs(const SongCall& call, pipeline::Session& session,
                          song::Observer& observer, util::StopToken& stop);

// lm_only: what the language model makes of the songs. session: as above. Throws as make_songs().
pipeline::ComposedRequests compose_songs(const Prepared& prepared, pipeline::Session& session,
                                         song::Observer& observer, util::StopToken& stop);

}  // namespace acestep::cli
