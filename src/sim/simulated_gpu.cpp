#include "sim/simulated_gpu.h"

#include <c10/core/Allocator.h>

#include <mutex>

#include "sim/heap.h"
#include "sim/hooks.h"
#include "sim/memory.h"
#include "sim/operators.h"

namespace acestep::sim {

void install() {
  static std::once_flag once;
  std::call_once(once, [] {
    c10::register_privateuse1_backend("sim");
    c10::SetAllocator(kDeviceType, &allocator());
    register_hooks();
    register_operators();
  });
}

void set_cap(std::optional<uint64_t> bytes) { heap().set_cap(bytes); }

void set_fresh_memory(FreshMemory content) { heap().set_fresh_memory(content); }

void refuse_next(uint64_t allocations) { heap().refuse_next(allocations); }

Stats stats() { return heap().stats(); }

void reset_peak() { heap().reset_peak(); }

}  // namespace acestep::sim
