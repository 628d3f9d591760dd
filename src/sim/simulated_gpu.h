// A GPU for machines without one: a libtorch device in host memory with a hard limit of bytes.
//
// Tensors on it are moved, mixed and refused as on a CUDA card, and computed by the CPU's kernels:
// results are bitwise those of the CPU. What it counts is a lower bound of what CUDA takes, because
// it counts tensors alone: no context, no fragmentation or cached blocks, no workspace of kernels
// and libraries. Code of the host that asks for a pointer to its memory gets an exception. It has
// one device, whose work is done when a call returns; there is no pinned memory.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <optional>

namespace acestep::sim {

// Makes the device known to libtorch, where it is called "sim". Must come before its first tensor;
// later calls do nothing. Thread-safe.
void install();

// Tensors may be made there once install() was called.
inline constexpr c10::DeviceType kDeviceType = c10::DeviceType::PrivateUse1;
inline c10::Device device() { return {kDeviceType, 0}; }
inline bool is_simulated(const c10::Device& device) { return device.type() == kDeviceType; }

// From now on an allocation that would bring the live bytes above the cap throws
// c10::OutOfMemoryError; absent: no limit. May be below what is live already.
void set_cap(std::optional<uint64_t> bytes);

// The next `allocations` throw c10::OutOfMemoryError, whatever room there is: for tests of what is
// done then.
void refuse_next(uint64_t allocations);

// What a fresh tensor without values holds: anything, or bytes 0xFF (NaN in floating point), which
// makes a song tell that memory is read before it is written.
enum class FreshMemory { kAnything, kPoison };
void set_fresh_memory(FreshMemory content);

struct Stats {
  uint64_t live_bytes = 0;            // of all tensors' storages, each rounded up to 512
  uint64_t peak_bytes = 0;            // the largest live_bytes since the last reset_peak()
  std::optional<uint64_t> cap_bytes;  // as set
  uint64_t allocations = 0;           // all counts below: since the start of the process
  uint64_t out_of_memory = 0;         // allocations that were refused
  uint64_t bytes_to_device = 0;       // copied from the host
  uint64_t bytes_to_host = 0;
};
Stats stats();

// The peak becomes what is live.
void reset_peak();

}  // namespace acestep::sim
