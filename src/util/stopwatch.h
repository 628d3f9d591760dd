// Wall-clock time since its construction.
#pragma once

#include <chrono>

namespace acestep::util {

class Stopwatch final {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace acestep::util
