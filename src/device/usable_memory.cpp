#include "device/usable_memory.h"

#include <algorithm>

#include "device/cuda_backend.h"
#include "sim/simulated_gpu.h"
#include "util/machine_memory.h"

namespace acestep::device {
void set_memory_cap(const c10::Device& device, const MemoryCap& cap) {
  if (sim::is_simulated(device)) sim::set_cap(cap.bytes);
  if (device.is_cuda()) cap_cuda_memory(device.index(), cap.fraction.value_or(1.0));
}

uint64_t usable_bytes(const c10::Device& device) {
  if (device.is_cuda()) return cuda_usable_bytes(device.index()).value_or(0);
  const uint64_t ram = util::machine_memory().available;
  if (!sim::is_simulated(device)) return ram;
  const sim::Stats stats = sim::stats();
  if (!stats.cap_bytes) return ram;
  const uint64_t left = *stats.cap_bytes - std::min(stats.live_bytes, *stats.cap_bytes);
  return std::min(left, ram);
}

}  // namespace acestep::device
