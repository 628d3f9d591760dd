// Turns the outcome of one try into a fuzz target's result.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string_view>

#include "util/error.h"

namespace acestep::fuzz {

inline std::span<const std::byte> as_span(const uint8_t* bytes, size_t count) {
  return std::as_bytes(std::span(bytes, count));
}

inline std::string_view as_text(const uint8_t* bytes, size_t count) {
  return {reinterpret_cast<const char*>(bytes), count};
}

// What the targets claim about values that were read.
inline void require(bool claim, const char* what) {
  if (!claim) throw std::logic_error(what);
}

// 0: `read` returned. -1: it threw an Error of this code.
template <typename Read>
int outcome(ErrorCode allowed, Read read) {
  try {
    read();
    return 0;
  } catch (const Error& error) {
    require(error.code() == allowed, error.message().c_str());
    require(!error.message().empty(), "an error without a message");
    return -1;
  }
}

}  // namespace acestep::fuzz
