// Counts the simulated GPU's bytes against its limit.
#pragma once

#include <cstdint>
#include <mutex>

#include "sim/simulated_gpu.h"

namespace acestep::sim {

// All of it is thread-safe.
class Heap {
 public:
  // Throws c10::OutOfMemoryError naming asked, taken and limit. Returns what is taken: `bytes`
  // rounded up as CUDA's allocator does.
  uint64_t take(uint64_t bytes);
  void give_back(uint64_t taken);

  void count_to_device(uint64_t bytes);
  void count_to_host(uint64_t bytes);
  void set_cap(std::optional<uint64_t> bytes);
  void set_fresh_memory(FreshMemory content);
  void reset_peak();
  void refuse_next(uint64_t allocations);

  Stats stats() const;
  bool poisons() const;

 private:
  mutable std::mutex mutex_;
  Stats stats_;
  bool poisons_ = false;
  uint64_t to_refuse_ = 0;
};

// The one heap of the process, as libtorch's device registry is one. Never destroyed: tensors may
// outlive static objects.
Heap& heap();

// Bytes that count as taken as long as this lives.
class Charge {
 public:
  Charge() = default;
  // Throws c10::OutOfMemoryError.
  explicit Charge(uint64_t bytes) : taken_(heap().take(bytes)) {}
  ~Charge() { heap().give_back(taken_); }
  Charge(Charge&& other) noexcept : taken_(other.taken_) { other.taken_ = 0; }
  Charge& operator=(Charge&& other) noexcept {
    std::swap(taken_, other.taken_);
    return *this;
  }
  Charge(const Charge&) = delete;
  Charge& operator=(const Charge&) = delete;

 private:
  uint64_t taken_ = 0;
};

}  // namespace acestep::sim
