// A JSON file read with limits: no repeated keys, no deep nesting, no NUL, no surprise in size.
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "util/error.h"

namespace acestep::util {

struct JsonLimits {
  size_t max_bytes = 1 << 20;
  int max_depth = 16;  // nested objects and arrays
};

// Throws Error with the code `on_failure` naming the file when it cannot be read, is not valid JSON
// (RFC 8259, UTF-8) or exceeds a limit.
nlohmann::json read_json_file(const std::filesystem::path& file, const JsonLimits& limits,
                              ErrorCode on_failure);

}  // namespace acestep::util
