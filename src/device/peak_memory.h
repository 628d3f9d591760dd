// The most device memory that was taken since a moment.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <optional>

namespace acestep::device {

// Bytes of a CUDA card's or of the simulated GPU's allocator since the last reset_peak(), or since
// the start; absent for the CPU, and on a card without the plugin.
std::optional<uint64_t> peak_bytes(const c10::Device& device);

// The peak becomes what is taken now. Nothing happens for the CPU.
void reset_peak(const c10::Device& device);

}  // namespace acestep::device
