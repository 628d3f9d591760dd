// How much memory a piece of code holds at its worst.
#pragma once

#include <cstddef>
#include <functional>

namespace acestep::testing {

// The most bytes that `action` had allocated at one time with operator new. One thread.
size_t peak_allocated_bytes(const std::function<void()>& action);

}  // namespace acestep::testing
