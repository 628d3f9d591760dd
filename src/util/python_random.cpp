#include "util/python_random.h"

#include <algorithm>
#include <bit>

#include "util/error.h"

namespace acestep::util {
namespace {

constexpr int kWordBits = 32;

uint32_t folded(uint32_t word) { return word ^ (word >> 30U); }

}  // namespace

// All constants of this file are the published algorithm's (mt19937ar).
PythonRandom::PythonRandom(uint64_t seed) {
  const std::array<uint32_t, 2> key = {static_cast<uint32_t>(seed),
                                       static_cast<uint32_t>(seed >> 32U)};
  const std::size_t words = key[1] != 0 ? 2 : 1;
  seed_with(19650218U);
  std::size_t i = 1;
  // The last word also stands for the one before the first.
  const auto move_on = [&] {
    if (++i < kWords) return;
    state_.front() = state_.back();
    i = 1;
  };
  for (std::size_t k = 0; k < kWords; ++k) {
    const std::size_t j = k % words;
    state_[i] =
        (state_[i] ^ (folded(state_[i - 1]) * 1664525U)) + key[j] + static_cast<uint32_t>(j);
    move_on();
  }
  for (std::size_t k = 1; k < kWords; ++k) {
    state_[i] = (state_[i] ^ (folded(state_[i - 1]) * 1566083941U)) - static_cast<uint32_t>(i);
    move_on();
  }
  state_.front() = 0x80000000U;
}

void PythonRandom::seed_with(uint32_t number) {
  state_.front() = number;
  for (std::size_t i = 1; i < kWords; ++i) {
    state_[i] = folded(state_[i - 1]) * 1812433253U + static_cast<uint32_t>(i);
  }
}

void PythonRandom::renew() {
  constexpr std::size_t kDistance = 397;
  for (std::size_t i = 0; i < kWords; ++i) {
    const uint32_t joined = (state_[i] & 0x80000000U) | (state_[(i + 1) % kWords] & 0x7FFFFFFFU);
    const uint32_t twisted = (joined >> 1U) ^ ((joined & 1U) != 0 ? 0x9908B0DFU : 0U);
    state_[i] = state_[(i + kDistance) % kWords] ^ twisted;
  }
  used_ = 0;
}

uint32_t PythonRandom::next() {
  if (used_ == kWords) renew();
  uint32_t word = state_[used_++];
  word ^= word >> 11U;
  word ^= (word << 7U) & 0x9D2C5680U;
  word ^= (word << 15U) & 0xEFC60000U;
  return word ^ (word >> 18U);
}

uint64_t PythonRandom::bits(int count) {
  ACE_CHECK(count >= 1 && count <= 2 * kWordBits);
  uint64_t number = 0;
  for (int have = 0; have < count; have += kWordBits) {
    const int wanted = std::min(count - have, kWordBits);
    const uint64_t word = next() >> static_cast<unsigned>(kWordBits - wanted);
    number |= word << static_cast<unsigned>(have);
  }
  return number;
}

int64_t PythonRandom::integer(int64_t lowest, int64_t highest) {
  ACE_CHECK(lowest >= 0 && lowest <= highest);
  const auto choices = static_cast<uint64_t>(highest - lowest) + 1;
  const auto width = static_cast<int>(std::bit_width(choices));
  uint64_t number = bits(width);
  while (number >= choices) number = bits(width);
  return lowest + static_cast<int64_t>(number);
}

}  // namespace acestep::util
