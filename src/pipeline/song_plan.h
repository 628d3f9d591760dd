// What is decided about a request's songs before any of them is made: seeds and names.
#pragma once

#include <vector>

#include "audio/encoding.h"
#include "pipeline/run_options.h"
#include "pipeline/song_names.h"
#include "request/generation_request.h"

namespace acestep::pipeline {

struct SongPlan {
  request::GenerationRequest request;  // every song's seed named
  audio::Encoding encoding;
  std::vector<NameFacts> names;  // one per song
};

// Seeds that the request leaves open are drawn at random. Throws Error kUsage for an audio format
// that cannot be written.
SongPlan plan_songs(const request::GenerationRequest& request, const MachineOptions& machine,
                    const RunOptions& run);

}  // namespace acestep::pipeline
