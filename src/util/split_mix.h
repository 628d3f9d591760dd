// A small random generator that gives the same numbers everywhere (Steele, Lea, Flood 2014).
#pragma once

#include <cstdint>
#include <string_view>

namespace acestep::util {

class SplitMix final {
 public:
  explicit SplitMix(uint64_t seed) : state_(seed) {}

  uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31);
  }

  // Uniform in [-1, 1), on a grid of 2^-23 that float32 holds exactly.
  float signed_unit() {
    return static_cast<float>(static_cast<int32_t>(next() >> 40) - (1 << 23)) * 0x1p-23F;
  }

  // Uniform in [0, bound), bound > 0, with a bias below bound / 2^64.
  uint64_t below(uint64_t bound) { return next() % bound; }

 private:
  uint64_t state_;
};

// A seed of its own for everything that has a name (FNV-1a).
inline uint64_t seed_for(uint64_t seed, std::string_view name) {
  uint64_t hash = 0xCBF29CE484222325U ^ SplitMix(seed).next();
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return hash;
}

}  // namespace acestep::util
