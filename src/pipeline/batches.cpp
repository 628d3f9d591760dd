#include "pipeline/batches.h"

#include <algorithm>
#include <random>
#include <string>

#include "condition/reference_seeds.h"
#include "request/song_seeds.h"
#include "request/text.h"

namespace acestep::pipeline {
namespace {

// The retake's seed of song `index`: its own of a list, or the one that is given for all.
std::optional<uint64_t> retake_seed(const std::string& given, std::size_t index) {
  const std::vector<std::string> list = request::split_any(given, ", ");
  if (list.size() == 1) index = 0;
  if (index >= list.size() || !request::is_seed_text(list[index])) return std::nullopt;
  return std::stoull(list[index]);
}

// One per song; absent where nothing is given.
std::vector<std::optional<uint64_t>> retake_seeds(const request::GenerationRequest& request,
                                                  Grouping grouping) {
  std::vector<std::optional<uint64_t>> seeds(request.seeds.size());
  if (grouping == Grouping::kTogether) {
    const auto songs = static_cast<int64_t>(seeds.size());
    const auto named = condition::reference_seeds(songs, request.retake_seed);
    std::copy(named.begin(), named.end(), seeds.begin());
    return seeds;
  }
  for (std::size_t i = 0; i < seeds.size(); ++i) seeds[i] = retake_seed(request.retake_seed, i);
  return seeds;
}

}  // namespace

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
  const request::GenerationRequest seeded = with_seeds(request, grouping);
  const auto retakes = retake_seeds(seeded, grouping);
  for (std::size_t i = 0; i < seeded.seeds.size(); ++i) {
    const int64_t seed = seeded.seeds[i];
    const SongSeeds seeds{static_cast<uint64_t>(seed),
                          static_cast<uint64_t>(request.lm_seed.value_or(seed)), retakes[i]};
    if (batches.empty() || grouping == Grouping::kOneByOne) batches.emplace_back();
    batches.back().seeds.push_back(seeds);
  }
  return batches;
}

}  // namespace acestep::pipeline
