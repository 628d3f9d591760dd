// Song metadata as the language model writes and reads it: a few named values of mixed type.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace acestep::text {

using MetadataValue = std::variant<std::monostate, bool, int64_t, double, std::string>;

// Keys: bpm, caption, duration, genres, keyscale, language, timesignature, lyrics, … in
// alphabetical order, as they are written.
using Metadata = std::map<std::string, MetadataValue, std::less<>>;

inline constexpr std::string_view kNotAvailable = "N/A";

// The value of `key`, or null where it is absent.
const MetadataValue& value_of(const Metadata& metadata, std::string_view key);

bool is_null(const MetadataValue& value);
// Python's truth: not null, false, 0 or "".
bool is_filled(const MetadataValue& value);
bool is_text(const MetadataValue& value, std::string_view text);

// str(value) of Python: "None", "True", "4", "12.5", the text itself.
std::string to_text(const MetadataValue& value);
// int(value) and float(value) of Python: numbers are truncated or widened, text is parsed. Empty
// where Python raises or the number does not fit.
std::optional<int64_t> to_integer(const MetadataValue& value);
std::optional<double> to_float(const MetadataValue& value);

}  // namespace acestep::text
