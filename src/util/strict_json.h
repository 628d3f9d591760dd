// JSON read with limits: no repeated keys, no deep nesting, no NUL, no surprise in size.
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "util/error.h"

namespace acestep::util {

struct JsonLimits {
  size_t max_bytes = 1 << 20;
  int max_depth = 16;  // nested objects and arrays
};

// `name` is what messages call the text. Throws Error with the code `on_failure` naming it when the
// text is not valid JSON (RFC 8259, UTF-8), repeats a key within one object or exceeds a limit.
nlohmann::json parse_json(std::string_view text, const std::string& name, const JsonLimits& limits,
                          ErrorCode on_failure);

// The same for a file, which must be readable.
nlohmann::json read_json_file(const std::filesystem::path& file, const JsonLimits& limits,
                              ErrorCode on_failure);

}  // namespace acestep::util
