#include "pipeline/stage_meter.h"

#include <algorithm>
#include <utility>

#include "device/peak_memory.h"

namespace acestep::pipeline {
namespace {

StageUse& use_of(std::vector<StageUse>& uses, const std::string& stage) {
  const auto found = std::find_if(uses.begin(), uses.end(),
                                  [&](const StageUse& use) { return use.stage == stage; });
  if (found != uses.end()) return *found;
  uses.push_back({.stage = stage});
  return uses.back();
}

}  // namespace

StageMeter::StageMeter(std::vector<StageUse>& uses, std::string stage, at::Device device)
    : uses_(uses), stage_(std::move(stage)), device_(device) {
  device::reset_peak(device_);
}

StageMeter::~StageMeter() {
  StageUse& use = use_of(uses_, stage_);
  use.seconds += seconds_;
  if (const auto peak = device::peak_bytes(device_)) {
    use.peak_bytes = std::max(use.peak_bytes.value_or(0), *peak);
  }
}

}  // namespace acestep::pipeline
