// What the header lines of an HTTP answer say that matters to a download.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace acestep::hub {

struct HttpHead {
  int status = 0;
  std::optional<uint64_t> content_bytes;  // Content-Length
  // Content-Range of a 206, "bytes 5-9/10": first byte and whole size ("*": absent).
  std::optional<uint64_t> range_begin;
  std::optional<uint64_t> range_total;
  std::string next_page;        // Link: <…>; rel="next"
  int retry_after_seconds = 0;  // Retry-After in its form of a number; at most 600
};

// Takes one line. A status line begins a new answer: what redirects said before is forgotten. Lines
// that are malformed or do not matter change nothing.
void add_header_line(HttpHead& head, std::string_view line);

}  // namespace acestep::hub
