// generation_timeout for as long as one request is worked on.
#pragma once

#include <chrono>
#include <optional>

#include "util/stop_token.h"

namespace acestep::cli {

// A time limit that ends with its scope.
class TimeLimit final {
 public:
  TimeLimit(util::StopToken& stop, const std::optional<double>& seconds) : stop_(stop) {
    if (seconds) stop_.limit_time(std::chrono::duration<double>(*seconds));
  }
  ~TimeLimit() { stop_.lift_time_limit(); }
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

 private:
  util::StopToken& stop_;
};

}  // namespace acestep::cli
