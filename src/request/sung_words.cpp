#include "request/sung_words.h"

namespace acestep::request {

bool has_sung_words(std::string_view lyrics) {
  bool is_in_brackets = false;
  for (const char c : lyrics) {
    if (c == '[') is_in_brackets = true;
    const bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
    if (!is_in_brackets && !is_space && c != ']') return true;
    if (c == ']') is_in_brackets = false;
  }
  return false;
}

}  // namespace acestep::request
