#include "unit/weights/allocation_meter.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

size_t live_bytes = 0;
size_t peak_bytes = 0;

}  // namespace

void* operator new(size_t bytes) {
  void* address = std::malloc(bytes);
  if (!address) throw std::bad_alloc();
  live_bytes += ::malloc_usable_size(address);
  peak_bytes = std::max(peak_bytes, live_bytes);
  return address;
}

void operator delete(void* address) noexcept {
  live_bytes -= ::malloc_usable_size(address);
  std::free(address);
}

void operator delete(void* address, size_t) noexcept { operator delete(address); }

namespace acestep::testing {

size_t peak_allocated_bytes(const std::function<void()>& action) {
  const size_t before = live_bytes;
  peak_bytes = live_bytes;
  action();
  return peak_bytes - before;
}

}  // namespace acestep::testing
