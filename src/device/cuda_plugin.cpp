// Everything that needs CUDA-only symbols; the executable opens this library when a card is there.
#include "device/cuda_plugin.h"

#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <cuda_runtime_api.h>

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

constexpr CudaPlugin kPlugin{&card_info, &peak_bytes};

}  // namespace
}  // namespace acestep::device

extern "C" const acestep::device::CudaPlugin* acestep_cuda_plugin() {
  return &acestep::device::kPlugin;
}
