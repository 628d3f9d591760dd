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

std::vector<std::string> keyscale_texts() {
  std::vector<std::string> texts;
  for (const char note : std::string_view("ABCDEFG")) {
    for (const std::string_view accidental : {"", "#", "b", "♯", "♭"}) {
      for (const std::string_view mode : {" major", " minor"}) {
        texts.push_back(std::string(1, note).append(accidental).append(mode));
      }
    }
  }
  return texts;
}

std::vector<std::string> language_texts() {
  return {"ar", "az", "bg", "bn", "ca", "cs", "da", "de", "el", "en",  "es", "fa",     "fi",
          "fr", "he", "hi", "hr", "ht", "hu", "id", "is", "it", "ja",  "ko", "la",     "lt",
          "ms", "ne", "nl", "no", "pa", "pl", "pt", "ro", "ru", "sa",  "sk", "sr",     "sv",
          "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "vi", "yue", "zh", "unknown"};
}

std::vector<std::string> timesignature_texts() { return {"2", "3", "4", "6"}; }

}  // namespace acestep::lm
