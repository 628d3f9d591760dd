// The size of a simulated card as users write it, in --max_vram or MAX_CUDA_VRAM.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace acestep::plan {

// GiB of a text; absent unless it is a finite number above 0.
std::optional<double> read_vram_limit(std::string_view text);

// What to tell the user when read_vram_limit() says nothing.
std::string vram_limit_warning(std::string_view text);

// What models may use of a card simulated at `gib`: the rest is left to the driver.
uint64_t capped_bytes(double gib);

// Counters of a card's memory, bytes.
struct MemoryCounters {
  uint64_t driver_free = 0;
  uint64_t reserved = 0;   // held by this process' allocator
  uint64_t allocated = 0;  // of these, in use
};

// What can be allocated: free for the driver or held unused; under a cap no more than is left of
// it.
uint64_t usable_bytes(const MemoryCounters& counters, std::optional<uint64_t> cap_bytes = {});

}  // namespace acestep::plan
