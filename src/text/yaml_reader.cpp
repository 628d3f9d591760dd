#include "text/yaml_reader.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "text/python_text.h"

namespace acestep::text {
namespace {

// The lines folded into one text: a line break is a space, an empty line a line break. A line that
// ends in a backslash (double quotes only) joins the next one without a space.
std::u32string fold(const std::vector<std::string>& lines) {
  std::u32string text;
  bool is_glued = true;
  for (const std::string& line : lines) {
    const std::u32string points = to_code_points(strip(line));
    if (points.empty()) {
      text += U'\n';
      is_glued = true;
      continue;
    }
    if (!is_glued) text += U' ';
    text += points;
    is_glued = text.front() == U'"' && text.size() > 1 && text.back() == U'\\';
    if (is_glued) text.pop_back();
  }
  return text;
}

std::optional<std::u32string> unquote_single(std::u32string_view inside) {
  std::u32string text;
  for (size_t at = 0; at < inside.size(); ++at) {
    if (inside[at] == U'\'') {
      const bool is_doubled = at + 1 < inside.size() && inside[at + 1] == U'\'';
      if (!is_doubled) return std::nullopt;
      ++at;
    }
    text += inside[at];
  }
  return text;
}

int hex_value(char32_t c) {
  if (c >= U'0' && c <= U'9') return static_cast<int>(c - U'0');
  if (c >= U'a' && c <= U'f') return static_cast<int>(c - U'a') + 10;
  if (c >= U'A' && c <= U'F') return static_cast<int>(c - U'A') + 10;
  return -1;
}

// The character of `count` hexadecimal digits, which are taken off `rest`.
std::optional<char32_t> take_hex(std::u32string_view& rest, size_t count) {
  constexpr uint32_t kLastCodePoint = 0x10FFFF;
  if (rest.size() < count) return std::nullopt;
  uint32_t code = 0;
  for (const char32_t c : rest.substr(0, count)) {
    const int digit = hex_value(c);
    if (digit < 0) return std::nullopt;
    code = code * 16 + static_cast<uint32_t>(digit);
  }
  rest.remove_prefix(count);
  if (code > kLastCodePoint) return std::nullopt;
  return static_cast<char32_t>(code);
}

// The character that a backslash and the start of `rest` stand for; they are taken off `rest`.
std::optional<char32_t> take_escape(std::u32string_view& rest) {
  constexpr std::array<std::pair<char32_t, char32_t>, 19> kShort = {{{U'0', 0x00},
                                                                     {U'a', 0x07},
                                                                     {U'b', 0x08},
                                                                     {U't', 0x09},
                                                                     {U'n', 0x0A},
                                                                     {U'v', 0x0B},
                                                                     {U'f', 0x0C},
                                                                     {U'r', 0x0D},
                                                                     {U'e', 0x1B},
                                                                     {U' ', U' '},
                                                                     {U'"', U'"'},
                                                                     {U'/', U'/'},
                                                                     {U'\\', U'\\'},
                                                                     {U'N', 0x85},
                                                                     {U'_', 0xA0},
                                                                     {U'L', 0x2028},
                                                                     {U'P', 0x2029},
                                                                     {U'\t', 0x09},
                                                                     {U'\'', U'\''}}};
  if (rest.empty()) return std::nullopt;
  const char32_t kind = rest[0];
  rest.remove_prefix(1);
  if (kind == U'x') return take_hex(rest, 2);
  if (kind == U'u') return take_hex(rest, 4);
  if (kind == U'U') return take_hex(rest, 8);
  for (const auto& [name, character] : kShort) {
    if (name == kind) return character;
  }
  return std::nullopt;
}

std::optional<std::u32string> unquote_double(std::u32string_view rest) {
  std::u32string text;
  while (!rest.empty()) {
    const char32_t c = rest[0];
    rest.remove_prefix(1);
    if (c == U'"') return std::nullopt;
    const std::optional<char32_t> character = c == U'\\' ? take_escape(rest) : c;
    if (!character) return std::nullopt;
    text += *character;
  }
  return text;
}

}  // namespace

std::string read_yaml_text(const std::vector<std::string>& lines) {
  const std::u32string text = fold(lines);
  const bool is_wrapped = text.size() >= 2 && text.front() == text.back();
  std::optional<std::u32string> unquoted;
  if (is_wrapped) {
    const std::u32string_view inside = std::u32string_view(text).substr(1, text.size() - 2);
    if (text.front() == U'\'') unquoted = unquote_single(inside);
    if (text.front() == U'"') unquoted = unquote_double(inside);
  }
  return from_code_points(unquoted ? *unquoted : text);
}

}  // namespace acestep::text
