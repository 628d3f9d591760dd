// The table of functions through which the executable reaches CUDA-only code in its plugin.
#pragma once

#include <cstdint>

namespace acestep::device {

inline constexpr char kCudaPluginFile[] = "libacestep_cuda.so";
inline constexpr char kCudaPluginEntry[] = "acestep_cuda_plugin";

struct CudaCardInfo {
  char name[256];
  int compute_major;
  int compute_minor;
  uint64_t total_bytes;
  uint64_t free_bytes;
};

struct CudaPlugin {
  // False when there is no such card or the runtime fails.
  bool (*card_info)(int index, CudaCardInfo* info);
  // Peak bytes reserved by the caching allocator since the start.
  uint64_t (*peak_bytes)(int index);
};

using CudaPluginEntry = const CudaPlugin* (*)();

}  // namespace acestep::device
