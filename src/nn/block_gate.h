// The seam at which a stack of layers tells which one it is about to use, so that a memory plan can
// bring that layer's weights to the device and take them away again.
#pragma once

#include <cstdint>

namespace acestep::nn {

// Calls come in pairs, in the order of use: enter(0), leave(0), enter(1), … once per forward.
class BlockGate {
 public:
  virtual ~BlockGate() = default;

  // Block `index` is about to run: returns once its weights can be used.
  virtual void enter(int64_t index) = 0;
  // Block `index` has been launched and is not needed again in this forward.
  virtual void leave(int64_t index) = 0;
};

}  // namespace acestep::nn
