#include "alignment/words.h"

#include "text/python_text.h"

namespace acestep::alignment {
namespace {

// Tokens that make whole characters together.
struct Unit {
  std::string text = {};
  double start = 0.0;
  double end = 0.0;
};

std::vector<Unit> units_of(const std::vector<TokenTime>& tokens, const Decode& decode) {
  std::vector<Unit> units;
  TokenIds open;
  double start = 0.0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (open.empty()) start = tokens[i].start;
    open.push_back(tokens[i].id);
    std::string text = decode(open);
    if (ends_incomplete(text) && i + 1 < tokens.size()) continue;
    units.push_back({std::move(text), start, tokens[i].end});
    open.clear();
  }
  return units;
}

// Han, kana and their punctuation.
bool is_written_without_spaces(char32_t c) {
  return (c >= 0x2E80 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

}  // namespace

std::vector<WordTime> words_of(const std::vector<TokenTime>& tokens, const Decode& decode) {
  std::vector<WordTime> words;
  bool begins_word = true;
  for (const Unit& unit : units_of(tokens, decode)) {
    const std::u32string letters = text::to_code_points(unit.text);
    if (letters.empty()) continue;
    const std::string seen = text::strip(unit.text);
    begins_word = begins_word || text::is_space(letters.front()) ||
                  is_written_without_spaces(letters.front());
    if (seen.empty()) {
      begins_word = true;
      continue;
    }
    if (begins_word || words.empty()) {
      words.push_back({seen, unit.start, unit.end});
    } else {
      words.back().text += seen;
      words.back().end = unit.end;
    }
    begins_word = text::is_space(letters.back());
  }
  return words;
}

}  // namespace acestep::alignment
