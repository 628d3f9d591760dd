#include "request/song_seeds.h"

namespace acestep::request {

std::vector<int64_t> song_seeds(const GenerationRequest& request,
                                const std::function<int64_t()>& draw) {
  const auto songs = static_cast<size_t>(request.batch_size);
  std::vector<int64_t> seeds = request.seeds;
  if (seeds.size() > songs) seeds.resize(songs);
  const bool counts_up = seeds.size() == 1 && request.seed_mode == "increment";
  while (seeds.size() < songs) seeds.push_back(counts_up ? seeds.back() + 1 : draw());
  return seeds;
}

}  // namespace acestep::request
