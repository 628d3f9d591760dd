#include "util/machine_memory.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

namespace acestep::util {
namespace {

// Kilobytes of a line of /proc/meminfo, in bytes; 0: no such line.
uint64_t meminfo(const std::string& name) {
  std::ifstream in("/proc/meminfo");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(name + ":")) continue;
    std::istringstream number(line.substr(name.size() + 1));
    uint64_t kilobytes = 0;
    number >> kilobytes;
    return kilobytes * 1024;
  }
  return 0;
}

// The largest number there is where no limit is set.
uint64_t control_group_bytes(const char* file) {
  std::ifstream in(std::filesystem::path("/sys/fs/cgroup") / file);
  uint64_t bytes = 0;
  return in >> bytes ? bytes : std::numeric_limits<uint64_t>::max();
}

}  // namespace

MachineMemory machine_memory() {
  MachineMemory memory{.total = meminfo("MemTotal"), .available = meminfo("MemAvailable")};
  const uint64_t limit = control_group_bytes("memory.max");
  if (limit >= memory.total) return memory;
  memory.total = limit;
  const uint64_t used = control_group_bytes("memory.current");
  memory.available = std::min(memory.available, limit - std::min(used, limit));
  return memory;
}

}  // namespace acestep::util
