// How much memory this process may have.
#pragma once

#include <cstdint>

namespace acestep::util {

// In bytes; a container's limit counts where it is lower.
struct MachineMemory {
  uint64_t total = 0;
  uint64_t available = 0;  // without swapping; caches that can be given up count
};
MachineMemory machine_memory();

}  // namespace acestep::util
