// Time and memory of a stage that works with leased models.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pipeline/components.h"
#include "pipeline/stage_meter.h"
#include "util/stopwatch.h"

namespace acestep::pipeline {

// Adds the time until its end, without loading, to `seconds` and to the stage's use, whose memory
// it notes.
class StageTimer {
 public:
  // All references must outlive the timer.
  StageTimer(const Components& components, std::vector<StageUse>& uses, std::string stage,
             double& seconds)
      : components_(components),
        seconds_(seconds),
        loaded_before_(components.load_seconds()),
        meter_(uses, std::move(stage), components.device()) {}
  ~StageTimer() {
    const double spent = watch_.seconds() - (components_.load_seconds() - loaded_before_);
    seconds_ += spent;
    meter_.add_seconds(spent);
  }
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

 private:
  const Components& components_;
  double& seconds_;
  double loaded_before_;
  StageMeter meter_;
  util::Stopwatch watch_;
};

}  // namespace acestep::pipeline
