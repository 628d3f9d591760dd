#include "request/song_seeds.h"

#include "request/value.h"

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

bool is_seed_text(const std::string& text) {
  constexpr int64_t kLargestSeed = 4294967295;
  const auto value = value_from_text(FieldType::kInteger, text);
  const int64_t* seed = value ? std::get_if<int64_t>(&*value) : nullptr;
  return seed != nullptr && *seed >= 0 && *seed <= kLargestSeed;
}

}  // namespace acestep::request
