#include "request/audio_codes_text.h"

#include <charconv>

#include "request/text.h"

namespace acestep::request {
namespace {

constexpr int64_t kLargestCode = 63999;
constexpr std::string_view kOpen = "<|audio_code_";
constexpr std::string_view kClose = "|>";

std::optional<int64_t> code_in(std::string_view digits) {
  int64_t code = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code);
  const bool is_number = read.ec == std::errc() && read.ptr == digits.data() + digits.size();
  if (!is_number || code < 0 || code > kLargestCode) return std::nullopt;
  return code;
}

std::optional<std::vector<int64_t>> tokens_in(std::string_view text) {
  std::vector<int64_t> codes;
  for (text = trim(text); !text.empty(); text = trim(text)) {
    const size_t close = text.find(kClose);
    if (!text.starts_with(kOpen) || close == std::string_view::npos) return std::nullopt;
    const auto code = code_in(text.substr(kOpen.size(), close - kOpen.size()));
    if (!code) return std::nullopt;
    codes.push_back(*code);
    text.remove_prefix(close + kClose.size());
  }
  return codes;
}

std::optional<std::vector<int64_t>> numbers_in(std::string_view text) {
  text = trim(text);
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  std::vector<int64_t> codes;
  for (const std::string& word : split_any(text, ", \t\r\n")) {
    const auto code = code_in(word);
    if (!code) return std::nullopt;
    codes.push_back(*code);
  }
  return codes;
}

}  // namespace

std::optional<std::vector<int64_t>> codes_in(std::string_view text) {
  return text.find('<') != std::string_view::npos ? tokens_in(text) : numbers_in(text);
}

std::string to_audio_code_text(const std::vector<int64_t>& codes) {
  std::string text;
  for (const int64_t code : codes) {
    text.append(kOpen).append(std::to_string(code)).append(kClose);
  }
  return text;
}

}  // namespace acestep::request
