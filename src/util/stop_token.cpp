#include "util/stop_token.h"

#include "util/error.h"

namespace acestep::util {

void StopToken::request(StopReason reason) noexcept {
  StopReason none = StopReason::kNone;
  reason_.compare_exchange_strong(none, reason, std::memory_order_relaxed);
}

void StopToken::throw_if_stopped() const {
  switch (reason()) {
    case StopReason::kNone:
      return;
    case StopReason::kInterrupt:
      throw Error(ErrorCode::kInterrupted, "interrupted");
    case StopReason::kTerminate:
      throw Error(ErrorCode::kTerminated, "terminated");
    case StopReason::kTimeout:
      throw Error(ErrorCode::kTimeout, "the time limit for this song was reached",
                  "Raise --generation_timeout, or ask for a shorter song.");
  }
}

}  // namespace acestep::util
