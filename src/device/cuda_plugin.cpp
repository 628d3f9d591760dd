// Everything that needs CUDA-only symbols; the executable opens this library when a card is there.
#include "device/cuda_plugin.h"

#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstdio>

namespace acestep::device {
namespace {

bool card_info(int index, CudaCardInfo* info) {
  if (index < 0 || index >= c10::cuda::device_count()) return false;
  cudaDeviceProp properties{};
  if (cudaGetDeviceProperties(&properties, index) != cudaSuccess) return false;
  if (cudaSetDevice(index) != cudaSuccess) return false;
  std::size_t free_bytes = 0;
  std::size_t total_bytes = 0;
  if (cudaMemGetInfo(&free_bytes, &total_bytes) != cudaSuccess) return false;
  std::snprintf(info->name, sizeof(info->name), "%s", properties.name);
  info->compute_major = properties.major;
  info->compute_minor = properties.minor;
  info->total_bytes = total_bytes;
  info->free_bytes = free_bytes;
  return true;
}

uint64_t peak_bytes(int index) {
  const auto stats =
      c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(index));
  return static_cast<uint64_t>(stats.reserved_bytes[0].peak);
}

void reset_peak(int index) {
  c10::cuda::CUDACachingAllocator::resetPeakStats(static_cast<c10::DeviceIndex>(index));
}

uint64_t usable_bytes(int index) {
  namespace allocator = c10::cuda::CUDACachingAllocator;
  CudaCardInfo card{};
  if (!card_info(index, &card)) return 0;
  const auto device = static_cast<c10::DeviceIndex>(index);
  const auto stats = allocator::getDeviceStats(device);
  const auto reserved = static_cast<uint64_t>(stats.reserved_bytes[0].current);
  const auto allocated = static_cast<uint64_t>(stats.allocated_bytes[0].current);
  const auto cap = static_cast<uint64_t>(allocator::getMemoryFraction(device) *
                                         static_cast<double>(card.total_bytes));
  const uint64_t below_cap = cap - std::min(cap, allocated);
  return std::min(card.free_bytes + (reserved - allocated), below_cap);
}

void cap_memory(int index, double fraction) {
  c10::cuda::CUDACachingAllocator::setMemoryFraction(fraction,
                                                     static_cast<c10::DeviceIndex>(index));
}

constexpr CudaPlugin kPlugin{&card_info, &peak_bytes, &reset_peak, &usable_bytes, &cap_memory};

}  // namespace
}  // namespace acestep::device

extern "C" const acestep::device::CudaPlugin* acestep_cuda_plugin() {
  return &acestep::device::kPlugin;
}
