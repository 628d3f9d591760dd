#include "pipeline/batches.h"

#include <random>
#include <string>

#include "request/song_seeds.h"

namespace acestep::pipeline {

uint64_t random_seed() {
  std::random_device entropy;
  return static_cast<uint32_t>(entropy());
}

request::GenerationRequest with_seeds(request::GenerationRequest request, Grouping grouping) {
  const std::string seed_mode = request.seed_mode;
  if (grouping == Grouping::kTogether) request.seed_mode = "random";
  request.seeds = request::song_seeds(request, [] { return static_cast<int64_t>(random_seed()); });
  request.seed_mode = seed_mode;
  return request;
}

std::vector<Batch> plan_batches(const request::GenerationRequest& request, Grouping grouping) {
  std::vector<Batch> batches;
  for (const int64_t seed : with_seeds(request, grouping).seeds) {
    const SongSeeds seeds{static_cast<uint64_t>(seed),
                          static_cast<uint64_t>(request.lm_seed.value_or(seed))};
    if (batches.empty() || grouping == Grouping::kOneByOne) batches.emplace_back();
    batches.back().seeds.push_back(seeds);
  }
  return batches;
}

}  // namespace acestep::pipeline
