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
  // Peak bytes reserved by the caching allocator since the last reset_peak, or since the start.
  uint64_t (*peak_bytes)(int index);
  void (*reset_peak)(int index);
  // Free for the driver or held unused by the caching allocator, within its cap.
  uint64_t (*usable_bytes)(int index);
  // The caching allocator refuses to hold more than this part of the card; 1 is all of it.
  void (*cap_memory)(int index, double fraction);
};

using CudaPluginEntry = const CudaPlugin* (*)();

}  // namespace acestep::device
