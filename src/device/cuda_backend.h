// Makes CUDA available at run time, so that one binary serves machines with and without a GPU.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace acestep::device {

struct CudaBackend {
  bool is_loaded = false;
  std::string why_not;  // empty when loaded; else the loader's or the driver's words
};

// Loads libtorch_cuda beside libtorch_cpu if the NVIDIA driver reports a device. Must be the first
// act of main, before any ATen call: ATen looks its CUDA hooks up once and keeps what it found.
// Never throws; without a driver, a device or the CUDA wheels the program goes on with the CPU.
CudaBackend load_cuda_backend();

struct CudaCard {
  std::string name;
  int compute_major = 0;
  int compute_minor = 0;
  uint64_t total_bytes = 0;
  uint64_t free_bytes = 0;
};

// The card as the CUDA plugin reports it; empty without the plugin or the device.
std::optional<CudaCard> cuda_card(int index);
// Peak bytes reserved by libtorch's CUDA allocator on the card since the last reset_cuda_peak(), or
// since the start; empty without the plugin.
std::optional<uint64_t> cuda_peak_bytes(int index);
// The peak becomes what is reserved now. Nothing happens without the plugin.
void reset_cuda_peak(int index);

// What can still be allocated on the card; empty without the plugin.
std::optional<uint64_t> cuda_usable_bytes(int index);
// No more than this part of the card from now on; does nothing without the plugin.
void cap_cuda_memory(int index, double fraction);

}  // namespace acestep::device
