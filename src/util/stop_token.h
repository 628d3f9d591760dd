// One flag that asks all work to end soon: set by signal handlers and timers, asked between steps.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace acestep::util {

enum class StopReason : int { kNone, kInterrupt, kTerminate, kTimeout };

// Thread-safe. request() is also safe in a signal handler.
class StopToken final {
 public:
  // The first reason stays.
  void request(StopReason reason) noexcept;
  // kTimeout once the time limit has passed and nothing else came first.
  StopReason reason() const noexcept;
  // Counts from now; replaces an earlier limit.
  void limit_time(std::chrono::duration<double> limit) noexcept;
  void lift_time_limit() noexcept { ends_at_ns_.store(kNever, std::memory_order_relaxed); }
  bool is_stopped() const noexcept { return reason() != StopReason::kNone; }
  // Throws Error kInterrupted, kTerminated or kTimeout once asked to stop.
  void throw_if_stopped() const;

 private:
  static constexpr int64_t kNever = INT64_MAX;

  std::atomic<StopReason> reason_ = StopReason::kNone;
  std::atomic<int64_t> ends_at_ns_ = kNever;  // on the steady clock
  static_assert(std::atomic<StopReason>::is_always_lock_free);
};

}  // namespace acestep::util
