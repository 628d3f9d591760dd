// What every stage is given beside its input: whom to tell, when to stop, and in which precision to
// work.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

#include "song/observer.h"

namespace acestep::song {

struct StageContext {
  Observer& observer;
  // Called between steps and tiles; throws Error kInterrupted, kTerminated or kTimeout to end the
  // song. Empty: never stops.
  std::function<void()> check_stop;
  at::Device device = at::kCPU;
  at::ScalarType dtype = at::kFloat;  // of weights and activations; solver state is float32 always

  void stop_here_if_asked() const {
    if (check_stop) check_stop();
  }
};

}  // namespace acestep::song
