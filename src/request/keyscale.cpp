#include "request/keyscale.h"

#include <array>

#include "request/text.h"

namespace acestep::request {
namespace {

constexpr std::string_view kNotes = "ABCDEFG";
constexpr std::array<std::string_view, 4> kAccidentals = {"#", "b", "♯", "♭"};

// "major", "minor" or "" when the word names no mode. A lone "m" is minor, "M" is major.
std::string_view mode_of(std::string_view word) {
  if (word.empty() || word == "M") return "major";
  if (word == "m") return "minor";
  const std::string lower = to_lower_ascii(word);
  if (lower == "major" || lower == "maj") return "major";
  if (lower == "minor" || lower == "min") return "minor";
  return "";
}

// The sign right after the note; "" when there is none.
std::string_view accidental_at(std::string_view text) {
  for (const std::string_view accidental : kAccidentals) {
    if (text.starts_with(accidental)) return accidental;
  }
  return "";
}

}  // namespace

const std::vector<std::string>& keyscales() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names;
    for (const char note : kNotes) {
      for (const std::string_view accidental : {"", "#", "b", "♯", "♭"}) {
        for (const std::string_view mode : {" major", " minor"}) {
          names.push_back(std::string(1, note).append(accidental).append(mode));
        }
      }
    }
    return names;
  }();
  return all;
}

std::optional<std::string> normalised_keyscale(std::string_view text) {
  text = trim(text);
  if (text.empty()) return std::nullopt;
  std::string key = to_lower_ascii(text.substr(0, 1));
  key[0] = static_cast<char>(key[0] - 'a' + 'A');
  if (kNotes.find(key[0]) == std::string_view::npos) return std::nullopt;
  text.remove_prefix(1);
  const std::string_view accidental = accidental_at(text);
  text.remove_prefix(accidental.size());
  const std::string_view mode = mode_of(trim(text));
  if (mode.empty()) return std::nullopt;
  return key.append(accidental).append(" ").append(mode);
}

}  // namespace acestep::request
