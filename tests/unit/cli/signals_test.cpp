#include "cli/signals.h"

#include <gtest/gtest.h>

#include <csignal>

namespace acestep::cli {
namespace {

TEST(SignalGuard, TheInnerOneStopsAloneAndTheOuterOneGoesOnAfterIt) {
  util::StopToken outer;
  const SignalGuard outer_guard(outer);
  {
    util::StopToken inner;
    const SignalGuard inner_guard(inner);
    std::raise(SIGTERM);
    EXPECT_TRUE(inner.is_stopped());
    EXPECT_FALSE(outer.is_stopped());
  }
  std::raise(SIGTERM);
  EXPECT_TRUE(outer.is_stopped());
}

}  // namespace
}  // namespace acestep::cli
