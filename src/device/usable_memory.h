// What a device still has room for, and how much of it this process may take at all.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <optional>

namespace acestep::device {

struct MemoryCap {
  std::optional<uint64_t> bytes = {};   // of the simulated GPU
  std::optional<double> fraction = {};  // of a CUDA card
};

// From now on allocations beyond the cap fail as if the device were full; absent: no limit.
void set_memory_cap(const c10::Device& device, const MemoryCap& cap);

// Bytes that can be allocated now: of the CPU the machine's available RAM, of a card what its
// driver has free and its allocator holds unused, below the cap.
uint64_t usable_bytes(const c10::Device& device);

}  // namespace acestep::device
