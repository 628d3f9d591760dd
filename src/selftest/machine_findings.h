// Looks at the machine: graphics card, processor, memory, libraries, disks, terminal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "device/cuda_backend.h"
#include "selftest/finding.h"
#include "util/machine_memory.h"

namespace acestep::selftest {

// device: what --device asks for. A card that is asked for and not there is a problem.
Finding examine_gpu(const device::CudaBackend& cuda, const std::string& device);

// cpu_flags: the line "flags" of /proc/cpuinfo. threads: that this process may use.
struct Processor {
  std::string name;
  std::string flags;
  int threads = 1;
};
Processor this_processor();
Finding examine_processor(const Processor& processor);

// largest_model: bytes of the largest model's weights, loaded one model after another; 0: unknown.
Finding examine_memory(const util::MachineMemory& memory, uint64_t largest_model);

std::vector<Finding> examine_libraries();

// May files be written to `folder`, or to the nearest folder above that exists, and how much room
// is there? subject: "output folder".
Finding examine_output(const std::string& subject, const std::filesystem::path& folder);

// Room for models. A folder that lacks models and has little room is a warning.
enum class Models { kComplete, kMissing };
Finding examine_checkpoint_disk(const std::filesystem::path& folder, Models models);

// charset: of the locale ("UTF-8"). is_terminal: of standard output.
Finding examine_terminal(std::string_view charset, bool is_terminal);

}  // namespace acestep::selftest
