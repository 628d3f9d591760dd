// What each stage of a song took: time, and the device memory at its peak.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace acestep::pipeline {

struct StageUse {
  std::string stage;                        // "compose", "condition", "denoise", "decode"
  double seconds = 0.0;                     // without loading
  std::optional<uint64_t> peak_bytes = {};  // of the device, all that lies there; absent on the CPU
};

// Adds what happens in its lifetime to the stage's entry, and begins one where there is none: a
// stage may run in several parts. Starts the device's count of its peak anew.
class StageMeter {
 public:
  // `uses` must outlive the meter.
  StageMeter(std::vector<StageUse>& uses, std::string stage, at::Device device);
  ~StageMeter();
  StageMeter(const StageMeter&) = delete;
  StageMeter& operator=(const StageMeter&) = delete;

  void add_seconds(double seconds) { seconds_ += seconds; }

 private:
  std::vector<StageUse>& uses_;
  std::string stage_;
  at::Device device_;
  double seconds_ = 0.0;
};

}  // namespace acestep::pipeline
