#include "lm/metadata_field.h"

namespace acestep::lm {

std::string_view field_name(Field field) {
  switch (field) {
    case Field::kBpm:
      return "bpm";
    case Field::kCaption:
      return "caption";
    case Field::kDuration:
      return "duration";
    case Field::kGenres:
      return "genres";
    case Field::kKeyscale:
      return "keyscale";
    case Field::kLanguage:
      return "language";
    case Field::kTimesignature:
      return "timesignature";
  }
  return "";
}

std::optional<Field> field_named(std::string_view name) {
  for (const Field field : kFields) {
    if (field_name(field) == name) return field;
  }
  return std::nullopt;
}

std::vector<std::string> number_texts(int first, int last) {
  std::vector<std::string> texts;
  for (int value = first; value <= last; ++value) texts.push_back(std::to_string(value));
  return texts;
}

}  // namespace acestep::lm
