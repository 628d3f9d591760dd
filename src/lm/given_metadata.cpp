#include "lm/given_metadata.h"

#include <algorithm>

#include "request/keyscale.h"
#include "request/song_values.h"
#include "util/error.h"

namespace acestep::lm {
namespace {

[[noreturn]] void reject(Field field, const std::string& value, const std::string& allowed) {
  throw Error(ErrorCode::kUsage,
              std::string(field_name(field)) + " is '" + value + "', allowed: " + allowed);
}

void check_number(Field field, const text::MetadataValue& value, int min, int max) {
  const std::optional<double> number = text::to_float(value);
  if (number && *number >= min && *number <= max) return;
  reject(field, text::to_text(value), std::to_string(min) + " … " + std::to_string(max));
}

void check_text(Field field, const text::MetadataValue& value,
                const std::vector<std::string>& allowed) {
  const std::string found = text::to_text(value);
  if (std::find(allowed.begin(), allowed.end(), found) != allowed.end()) return;
  constexpr size_t kShown = 6;
  std::string list;
  for (size_t i = 0; i < std::min(kShown, allowed.size()); ++i) {
    list += (i > 0 ? ", " : "") + allowed[i];
  }
  reject(field, found, list + (allowed.size() > kShown ? ", …" : ""));
}

}  // namespace

GivenValues given_values(const text::Metadata& given) {
  GivenValues values;
  for (const Field field : kFields) {
    const text::MetadataValue& value = text::value_of(given, field_name(field));
    if (!text::is_null(value)) values[field] = text::to_text(value);
  }
  return values;
}

text::Metadata without_nulls(const text::Metadata& metadata) {
  text::Metadata filled;
  for (const auto& [key, value] : metadata) {
    if (!text::is_null(value)) filled[key] = value;
  }
  return filled;
}

void check_given(const text::Metadata& given) {
  for (const Field field : kFields) {
    const text::MetadataValue& value = text::value_of(given, field_name(field));
    if (text::is_null(value)) continue;
    switch (field) {
      case Field::kBpm:
        check_number(field, value, kBpmMin, kBpmMax);
        break;
      case Field::kDuration:
        check_number(field, value, kDurationMinSeconds, kDurationMaxSeconds);
        break;
      case Field::kKeyscale:
        check_text(field, value, request::keyscales());
        break;
      case Field::kLanguage:
        check_text(field, value, request::vocal_languages());
        break;
      case Field::kTimesignature:
        check_text(field, value, request::time_signatures());
        break;
      case Field::kCaption:
      case Field::kGenres:
        break;
    }
  }
}

}  // namespace acestep::lm
