// Python's rules for text and numbers in text, where the reference's results depend on them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::text {

// Valid UTF-8 <-> code points; invalid bytes become U+FFFD.
std::u32string to_code_points(std::string_view text);
std::string from_code_points(std::u32string_view text);

bool is_space(char32_t c);                    // str.isspace of one character
bool is_blank(std::string_view text);         // empty or only whitespace
std::string strip(std::string_view text);     // str.strip()
std::string to_lower(std::string_view text);  // str.lower()
std::string to_upper(std::string_view text);  // str.upper()
bool is_digits(std::string_view text);        // str.isdigit(): true for superscripts too
std::vector<std::string> split_lines(std::string_view text);  // str.split("\n")

// int(text) as canonical decimal digits ("-42"), of any length; empty where Python raises: it takes
// surrounding whitespace, a sign, digits of any script and single underscores between digits.
std::optional<std::string> integer_digits(std::string_view text);
// The same as a number; also empty when it does not fit 64 bits.
std::optional<int64_t> parse_integer(std::string_view text);
// float(text): also "inf", "nan", exponents. Empty where Python raises.
std::optional<double> parse_float(std::string_view text);

// repr(number): the shortest digits that read back equal.
std::string float_text(double number);

}  // namespace acestep::text
