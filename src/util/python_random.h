// The numbers of Python's `random` module for a whole-number seed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace acestep::util {

// The Mersenne Twister MT19937 of Matsumoto and Nishimura, seeded by their init_by_array from the
// seed's 32-bit words, lowest first, as Python does. Not thread-safe.
class PythonRandom final {
 public:
  explicit PythonRandom(uint64_t seed);

  // random.getrandbits(count); count: 1 … 64.
  uint64_t bits(int count);
  // random.randint(lowest, highest): both may come; draws until a number fits, so that a range of
  // one number draws, too. Needs 0 <= lowest <= highest.
  int64_t integer(int64_t lowest, int64_t highest);

 private:
  static constexpr std::size_t kWords = 624;

  void seed_with(uint32_t number);
  void renew();
  uint32_t next();

  std::array<uint32_t, kWords> state_ = {};
  std::size_t used_ = kWords;  // words of the state that were given out
};

}  // namespace acestep::util
