#include "text/python_text.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "util/error.h"

namespace acestep::text {
namespace {

icu::UnicodeString to_icu(std::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string from_icu(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

UChar32 icu_char(char32_t c) { return static_cast<UChar32>(c); }

std::u32string_view strip_points(std::u32string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Stripped text with the decimal digits of every script made ASCII and underscores taken out. Empty
// where Python refuses: a character above ASCII that is no digit, an underscore not between digits.
std::optional<std::string> to_ascii_number(std::string_view text) {
  const std::u32string points = to_code_points(text);
  std::string out;
  bool is_after_underscore = false;
  for (const char32_t c : strip_points(points)) {
    const int32_t digit = u_charDigitValue(icu_char(c));
    const bool is_after_digit = !out.empty() && out.back() >= '0' && out.back() <= '9';
    if (is_after_underscore && digit < 0) return std::nullopt;
    if (c == U'_' && !is_after_digit) return std::nullopt;
    is_after_underscore = c == U'_';
    if (is_after_underscore) continue;
    if (digit < 0 && c > 0x7F) return std::nullopt;
    out += digit >= 0 ? static_cast<char>('0' + digit) : static_cast<char>(c);
  }
  if (is_after_underscore || out.empty()) return std::nullopt;
  return out;
}

bool is_ascii_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<double> parse_float_word(std::string_view word) {
  const std::string lower = to_lower(word);
  if (lower == "inf" || lower == "infinity") return std::numeric_limits<double>::infinity();
  if (lower == "nan") return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

}  // namespace

std::u32string to_code_points(std::string_view text) {
  const icu::UnicodeString units = to_icu(text);
  std::u32string points;
  points.reserve(static_cast<size_t>(units.length()));
  for (int32_t at = 0; at < units.length(); at = units.moveIndex32(at, 1)) {
    points += static_cast<char32_t>(units.char32At(at));
  }
  return points;
}

std::string from_code_points(std::u32string_view text) {
  icu::UnicodeString units;
  for (const char32_t c : text) units.append(icu_char(c));
  return from_icu(units);
}

bool is_space(char32_t c) {
  // Python adds the four ASCII separators to Unicode's white space.
  const bool is_separator = c >= 0x1C && c <= 0x1F;
  return is_separator || u_isUWhiteSpace(icu_char(c));
}

bool is_blank(std::string_view text) {
  const std::u32string points = to_code_points(text);
  return strip_points(points).empty();
}

std::string strip(std::string_view text) {
  const std::u32string points = to_code_points(text);
  return from_code_points(strip_points(points));
}

std::string to_lower(std::string_view text) {
  return from_icu(to_icu(text).toLower(icu::Locale::getRoot()));
}

std::string to_upper(std::string_view text) {
  return from_icu(to_icu(text).toUpper(icu::Locale::getRoot()));
}

bool is_digits(std::string_view text) {
  const std::u32string points = to_code_points(text);
  for (const char32_t c : points) {
    const int32_t type = u_getIntPropertyValue(icu_char(c), UCHAR_NUMERIC_TYPE);
    if (type != U_NT_DECIMAL && type != U_NT_DIGIT) return false;
  }
  return !points.empty();
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (size_t from = 0;;) {
    const size_t end = text.find('\n', from);
    lines.emplace_back(text.substr(from, end - from));
    if (end == std::string_view::npos) return lines;
    from = end + 1;
  }
}

std::optional<std::string> integer_digits(std::string_view text) {
  const std::optional<std::string> number = to_ascii_number(text);
  if (!number) return std::nullopt;
  std::string_view digits = *number;
  const bool is_negative = digits[0] == '-';
  if (is_negative || digits[0] == '+') digits.remove_prefix(1);
  if (!is_ascii_digits(digits)) return std::nullopt;
  while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
  std::string canonical(digits);
  const bool is_zero = digits == "0";
  if (is_negative && !is_zero) canonical.insert(canonical.begin(), '-');
  return canonical;
}

std::optional<int64_t> parse_integer(std::string_view text) {
  const std::optional<std::string> digits = integer_digits(text);
  if (!digits) return std::nullopt;
  int64_t number = 0;
  const auto result = std::from_chars(digits->data(), digits->data() + digits->size(), number);
  if (result.ec != std::errc{}) return std::nullopt;
  return number;
}

std::optional<double> parse_float(std::string_view text) {
  const std::optional<std::string> number = to_ascii_number(text);
  if (!number) return std::nullopt;
  std::string_view unsigned_part = *number;
  const bool is_negative = unsigned_part[0] == '-';
  if (is_negative || unsigned_part[0] == '+') unsigned_part.remove_prefix(1);
  if (unsigned_part.empty()) return std::nullopt;
  const double sign = is_negative ? -1.0 : 1.0;

  const bool starts_as_number =
      unsigned_part[0] == '.' || is_ascii_digits(unsigned_part.substr(0, 1));
  if (!starts_as_number) {
    const std::optional<double> word = parse_float_word(unsigned_part);
    if (!word) return std::nullopt;
    return sign * *word;
  }
  double value = 0.0;
  const char* end = unsigned_part.data() + unsigned_part.size();
  const auto result = std::from_chars(unsigned_part.data(), end, value);
  if (result.ptr != end || result.ec == std::errc::invalid_argument) return std::nullopt;
  if (result.ec == std::errc::result_out_of_range) {
    // from_chars leaves the value alone here; strtod tells overflow (infinity) from underflow
    // (zero).
    value = std::strtod(std::string(unsigned_part).c_str(), nullptr);
  }
  return sign * value;
}

std::string float_text(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
  // Python writes exponents below 1e-4 and from 1e16 on.
  const double size = std::fabs(number);
  const bool has_exponent = size != 0.0 && (size < 1e-4 || size >= 1e16);
  const auto format = has_exponent ? std::chars_format::scientific : std::chars_format::fixed;
  std::array<char, 64> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format);
  ACE_CHECK(result.ec == std::errc{});
  std::string text(buffer.data(), result.ptr);
  const bool is_whole = text.find_first_of(".e") == std::string::npos;
  return is_whole ? text + ".0" : text;
}

}  // namespace acestep::text
