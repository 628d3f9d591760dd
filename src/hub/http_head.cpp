#include "hub/http_head.h"

#include <algorithm>
#include <charconv>

#include "request/text.h"

namespace acestep::hub {
namespace {

constexpr int kLongestRetryAfterSeconds = 600;

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void read_status(HttpHead& head, std::string_view line) {
  head = {};
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return;
  head.status = number<int>(line.substr(space + 1, 3)).value_or(0);
}

void read_range(HttpHead& head, std::string_view value) {
  constexpr std::string_view kUnit = "bytes ";
  if (!value.starts_with(kUnit)) return;
  value.remove_prefix(kUnit.size());
  const size_t dash = value.find('-');
  const size_t slash = value.find('/');
  if (slash == std::string_view::npos) return;
  if (dash < slash) head.range_begin = number<uint64_t>(value.substr(0, dash));
  head.range_total = number<uint64_t>(value.substr(slash + 1));
}

void read_link(HttpHead& head, std::string_view value) {
  if (value.find("rel=\"next\"") == std::string_view::npos) return;
  const size_t begin = value.find('<');
  const size_t end = value.find('>');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return;
  head.next_page = value.substr(begin + 1, end - begin - 1);
}

}  // namespace

void add_header_line(HttpHead& head, std::string_view line) {
  if (line.starts_with("HTTP/")) {
    read_status(head, request::trim(line));
    return;
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string name = request::to_lower_ascii(line.substr(0, colon));
  const std::string_view value = request::trim(line.substr(colon + 1));
  if (name == "content-length") head.content_bytes = number<uint64_t>(value);
  if (name == "content-range") read_range(head, value);
  if (name == "link") read_link(head, value);
  if (name == "retry-after") {
    const int seconds = number<int>(value).value_or(0);
    head.retry_after_seconds = std::min(std::max(seconds, 0), kLongestRetryAfterSeconds);
  }
}

}  // namespace acestep::hub
