// What went to the device and what left it, counted for the result and told at log level DEBUG.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace acestep::memory {

struct Moves {
  int64_t loads = 0;      // from disk
  int64_t to_device = 0;  // the whole model; loading onto the device is one
  int64_t to_host = 0;    // the whole model left the device
  int64_t blocks = 0;     // streamed to the device
  uint64_t bytes = 0;     // to the device, blocks included
};

class MoveLog {
 public:
  void loaded(const std::string& component);
  void to_device(const std::string& component, uint64_t bytes);
  void to_host(const std::string& component);
  void block(const std::string& component, uint64_t bytes);

  // By component, in alphabetical order; since the last reset.
  const std::map<std::string, Moves>& moves() const { return moves_; }
  void reset() { moves_.clear(); }

 private:
  std::map<std::string, Moves> moves_;
};

}  // namespace acestep::memory
