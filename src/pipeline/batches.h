// Which songs of a request are computed together, and the seeds of each.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "request/generation_request.h"
#include "song/composition.h"

namespace acestep::pipeline {

// One song's seeds; they decide everything that is random in it.
struct SongSeeds {
  uint64_t song = 0;
  uint64_t language_model = 0;
  std::optional<uint64_t> retake = {};  // of a retake's noise; absent: follows from the song's
};

struct Batch {
  std::vector<SongSeeds> seeds;                 // one per song
  std::vector<song::Composition> compositions;  // one per song, once composed
  // Each song's request with the words that the language model wrote for it; empty where it was not
  // asked to.
  std::vector<request::GenerationRequest> rewritten = {};
};

enum class Grouping {
  kOneByOne,  // a song depends on its own seeds alone, whatever else is in the request
  kTogether,  // as the reference: one batch, whose songs influence each other
};

// The request with a seed for every song: what is left open is counted up from a single seed (not
// with kTogether: the reference does not count) or drawn at random.
request::GenerationRequest with_seeds(request::GenerationRequest request, Grouping grouping);

// Seeds left open become those of with_seeds().
std::vector<Batch> plan_batches(const request::GenerationRequest& request, Grouping grouping);

// A seed 0 … 2^32 - 1 from the system's entropy.
uint64_t random_seed();

}  // namespace acestep::pipeline
