// Small questions about text that every dialect asks: trimming, UTF-8, what counts as "left open".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "util/quoted_text.h"

namespace acestep::request {

std::string_view trim(std::string_view text);
std::string to_lower_ascii(std::string_view text);

using util::in_quotes;
using util::is_utf8;

// Non-empty pieces between any of the separators.
std::vector<std::string> split_any(std::string_view text, std::string_view separators);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// "", "N/A", "none", "null", "auto" in any case: the ways to leave a field open.
bool means_unset(std::string_view text);

// Code points of valid UTF-8.
size_t count_characters(std::string_view text);

// "false, true" or "text, cover": for messages. shown: at most this many, then "…".
template <typename Range>
std::string listed(const Range& items, size_t shown = 100) {
  std::string text;
  size_t count = 0;
  for (const auto& item : items) {
    if (!text.empty()) text += ", ";
    if (count++ == shown) return text + "…";
    text += item;
  }
  return text;
}

}  // namespace acestep::request
