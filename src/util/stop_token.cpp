#include "util/stop_token.h"

#include "util/error.h"

namespace acestep::util {
namespace {

int64_t steady_ns() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

void StopToken::request(StopReason reason) noexcept {
  StopReason none = StopReason::kNone;
  reason_.compare_exchange_strong(none, reason, std::memory_order_relaxed);
}

StopReason StopToken::reason() const noexcept {
  const StopReason reason = reason_.load(std::memory_order_relaxed);
  if (reason != StopReason::kNone) return reason;
  const int64_t ends_at = ends_at_ns_.load(std::memory_order_relaxed);
  return ends_at != kNever && steady_ns() >= ends_at ? StopReason::kTimeout : StopReason::kNone;
}

void StopToken::limit_time(std::chrono::duration<double> limit) noexcept {
  constexpr double kMostSeconds = 1e9;  // 31 years: what a nanosecond count surely holds
  const double seconds = limit.count() < kMostSeconds ? limit.count() : kMostSeconds;
  ends_at_ns_.store(steady_ns() + static_cast<int64_t>(seconds * 1e9), std::memory_order_relaxed);
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
