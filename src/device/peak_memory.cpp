#include "device/peak_memory.h"

#include "device/cuda_backend.h"
#include "sim/simulated_gpu.h"

namespace acestep::device {

std::optional<uint64_t> peak_bytes(const c10::Device& device) {
  if (sim::is_simulated(device)) return sim::stats().peak_bytes;
  return device.is_cuda() ? cuda_peak_bytes(device.index()) : std::nullopt;
}

void reset_peak(const c10::Device& device) {
  if (sim::is_simulated(device)) return sim::reset_peak();
  if (device.is_cuda()) reset_cuda_peak(device.index());
}

}  // namespace acestep::device
