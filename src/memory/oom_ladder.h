// What is done when device memory runs out: one measure after another, until the work fits.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "song/observer.h"

namespace acestep::memory {

// Takes one measure and says which, or nothing when it has none left. Nothing of the failed work
// is in memory any more.
using Rung = std::function<std::optional<song::Adjustment>()>;

// Runs `work` again after each rung climbed. A rung is climbed as often as it has a measure, then
// the next one. Each measure is told as an adjustment with the refusal as its reason. Throws Error
// kMemory naming `stage` and the last refusal when no rung is left, and whatever else `work`
// throws. The only place besides Session that catches out-of-memory.
void run_on_ladder(const std::string& stage, const std::function<void()>& work,
                   const std::vector<Rung>& rungs, song::Observer& observer);

}  // namespace acestep::memory
