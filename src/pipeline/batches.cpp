#include "pipeline/batches.h"

#include <random>

#include "request/song_seeds.h"

namespace acestep::pipeline {

uint64_t random_seed() {
  std::random_device entropy;
  return static_cast<uint32_t>(entropy());
}

std::vector<Batch> plan_batches(const request::GenerationRequest& request, Grouping grouping) {
  std::vector<Batch> batches;
  const auto draw = [] { return static_cast<int64_t>(random_seed()); };
  for (const int64_t seed : request::song_seeds(request, draw)) {
    const SongSeeds seeds{static_cast<uint64_t>(seed),
                          static_cast<uint64_t>(request.lm_seed.value_or(seed))};
    if (batches.empty() || grouping == Grouping::kOneByOne) batches.emplace_back();
    batches.back().seeds.push_back(seeds);
  }
  return batches;
}

}  // namespace acestep::pipeline
