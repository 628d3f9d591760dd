#include "memory/oom_ladder.h"

#include <c10/core/CachingDeviceAllocator.h>
#include <c10/util/Exception.h>

#include "util/error.h"

namespace acestep::memory {
namespace {

// The refusal's words, or nothing where the work is done. The exception, and all that it keeps
// alive, is gone on return.
std::optional<std::string> refusal_of(const std::function<void()>& work) {
  try {
    work();
    return std::nullopt;
  } catch (const c10::OutOfMemoryError& error) {
    return error.what_without_backtrace();
  }
}

}  // namespace

void run_on_ladder(const std::string& stage, const std::function<void()>& work,
                   const std::vector<Rung>& rungs, song::Observer& observer) {
  auto rung = rungs.begin();
  while (const auto refusal = refusal_of(work)) {
    std::optional<song::Adjustment> measure;
    while (rung != rungs.end() && !(measure = (*rung)())) ++rung;
    if (!measure) {
      throw Error(ErrorCode::kMemory, "out of memory in stage '" + stage + "': " + *refusal,
                  "ask for a shorter song or fewer at once, or use --device cpu");
    }
    measure->why = *refusal;
    observer.adjustment(*measure);
  }
}

}  // namespace acestep::memory
