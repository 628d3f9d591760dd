#include "sim/heap.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace acestep::sim {
namespace {

constexpr uint64_t kGrain = 512;  // CUDA's caching allocator rounds every block up to this

uint64_t rounded(uint64_t bytes) { return (bytes + kGrain - 1) / kGrain * kGrain; }

std::string mib(uint64_t bytes) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(2) << static_cast<double>(bytes) / (1 << 20) << " MiB";
  return text.str();
}

}  // namespace

uint64_t Heap::take(uint64_t bytes) {
  const uint64_t wanted = rounded(bytes);
  const std::lock_guard lock(mutex_);
  if (to_refuse_ > 0) {
    --to_refuse_;
    ++stats_.out_of_memory;
    TORCH_CHECK_WITH(OutOfMemoryError, false, "the simulated GPU was told to refuse ", mib(wanted));
  }
  const bool fits = !stats_.cap_bytes || stats_.live_bytes + wanted <= *stats_.cap_bytes;
  if (!fits) {
    ++stats_.out_of_memory;
    TORCH_CHECK_WITH(OutOfMemoryError, false, "the simulated GPU has no room for ", mib(wanted),
                     ": ", mib(stats_.live_bytes), " of its ", mib(*stats_.cap_bytes),
                     " are taken");
  }
  ++stats_.allocations;
  stats_.live_bytes += wanted;
  stats_.peak_bytes = std::max(stats_.peak_bytes, stats_.live_bytes);
  return wanted;
}

void Heap::give_back(uint64_t taken) {
  const std::lock_guard lock(mutex_);
  stats_.live_bytes -= taken;
}

void Heap::count_to_device(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  stats_.bytes_to_device += bytes;
}

void Heap::count_to_host(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  stats_.bytes_to_host += bytes;
}

void Heap::set_cap(std::optional<uint64_t> bytes) {
  const std::lock_guard lock(mutex_);
  stats_.cap_bytes = bytes;
}

void Heap::set_fresh_memory(FreshMemory content) {
  const std::lock_guard lock(mutex_);
  poisons_ = content == FreshMemory::kPoison;
}

void Heap::reset_peak() {
  const std::lock_guard lock(mutex_);
  stats_.peak_bytes = stats_.live_bytes;
}

void Heap::refuse_next(uint64_t allocations) {
  const std::lock_guard lock(mutex_);
  to_refuse_ = allocations;
}

Stats Heap::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

bool Heap::poisons() const {
  const std::lock_guard lock(mutex_);
  return poisons_;
}

Heap& heap() {
  static Heap* const the_heap = new Heap;
  return *the_heap;
}

}  // namespace acestep::sim
