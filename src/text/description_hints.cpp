#include "text/description_hints.h"

#include <array>
#include <utility>

#include "text/python_text.h"
#include "text/unicode_text.h"

namespace acestep::text {
namespace {

struct Language {
  const char* names;  // alternatives of a regular expression
  const char* code;
};

// In the order in which they are looked for.
constexpr std::array<Language, 19> kLanguages = {{
    {"english", "en"},
    {"chinese|mandarin", "zh"},
    {"japanese|日本語", "ja"},
    {"korean|한국어", "ko"},
    {"spanish|español", "es"},
    {"french|français", "fr"},
    {"german|deutsch", "de"},
    {"italian|italiano", "it"},
    {"portuguese|português", "pt"},
    {"russian|русский", "ru"},
    {"bengali", "bn"},
    {"hindi", "hi"},
    {"arabic", "ar"},
    {"thai", "th"},
    {"vietnamese", "vi"},
    {"indonesian", "id"},
    {"turkish", "tr"},
    {"dutch", "nl"},
    {"polish", "pl"},
}};

bool names_language(const std::string& text, const Language& language, Compat compat) {
  const std::string in_word = "[\\p{L}\\p{N}_]";
  // What is shorter, a code or 中文, stands between spaces and stops only.
  const std::string stop = "[\\s.,;:!?]";
  const std::string code = language.code;
  std::string short_names = code == "zh" ? "中文" : "";
  if (compat == Compat::kReference) short_names += (short_names.empty() ? "" : "|") + code;
  std::string pattern = "(?<!" + in_word + ")(?:" + language.names + ")(?!" + in_word + ")";
  if (!short_names.empty())
    pattern += "|(?:^|" + stop + ")(?:" + short_names + ")(?:$|" + stop + ")";
  return Pattern(pattern).find(text).has_value();
}

bool asks_for_no_vocals(const std::string& text) {
  for (const char* words : {"instrumental", "pure music", "pure instrument"}) {
    if (text.find(words) != std::string::npos) return true;
  }
  return text == "solo" || text.ends_with(" solo");
}

}  // namespace

DescriptionHints find_description_hints(std::string_view description, Compat compat) {
  const std::string text = strip(to_lower(description));
  DescriptionHints hints{.is_instrumental = asks_for_no_vocals(text)};
  for (const Language& language : kLanguages) {
    if (!names_language(text, language, compat)) continue;
    hints.language = language.code;
    break;
  }
  return hints;
}

}  // namespace acestep::text
