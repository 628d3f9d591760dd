// One flag that asks all work to end soon: set by signal handlers and timers, asked between steps.
#pragma once

#include <atomic>

namespace acestep::util {

enum class StopReason : int { kNone, kInterrupt, kTerminate, kTimeout };

// Thread-safe. request() is also safe in a signal handler.
class StopToken final {
 public:
  // The first reason stays.
  void request(StopReason reason) noexcept;
  StopReason reason() const noexcept { return reason_.load(std::memory_order_relaxed); }
  bool is_stopped() const noexcept { return reason() != StopReason::kNone; }
  // Throws Error kInterrupted, kTerminated or kTimeout once asked to stop.
  void throw_if_stopped() const;

 private:
  std::atomic<StopReason> reason_ = StopReason::kNone;
  static_assert(std::atomic<StopReason>::is_always_lock_free);
};

}  // namespace acestep::util
