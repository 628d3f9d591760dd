#include "text/yaml_scalar.h"

#include "text/python_text.h"
#include "text/unicode_text.h"

namespace acestep::text {
namespace {

bool is_one_of(char32_t c, std::u32string_view set) { return set.find(c) != set.npos; }

bool is_blank_or_break(char32_t c) {
  return c == U'\0' || c == U' ' || c == U'\t' || c == U'\r' || is_yaml_break(c);
}

// Would a reader take the plain text for something else than a string (a number, a date, null, …)?
// YAML 1.1's implicit types, as PyYAML knows them.
bool resolves_to_other_type(std::u32string_view text) {
  static const Pattern implicit_types(
      "yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF"
      "|~|null|Null|NULL|<<|="
      "|[-+]?[0-9][0-9_]*\\.[0-9_]*([eE][-+][0-9]+)?"
      "|\\.[0-9][0-9_]*([eE][-+][0-9]+)?"
      "|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\\.[0-9_]*"
      "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)"
      "|[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+"
      "|[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+"
      "|[0-9]{4}-[0-9]{2}-[0-9]{2}"
      "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\\.[0-9]*)?"
      "([ \\t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?");
  return implicit_types.matches(from_code_points(text));
}

// What the characters of a text rule out.
struct Findings {
  bool has_break = false;
  bool has_special = false;    // must be escaped
  bool has_indicator = false;  // would end or change a plain scalar
  bool has_space_at_edge = false;
  bool has_break_at_edge = false;
  bool has_space_before_break = false;
  bool has_space_after_break = false;
};

bool is_indicator(std::u32string_view text, size_t at) {
  const char32_t c = text[at];
  const bool is_last = at + 1 == text.size();
  const bool is_before_blank = is_last || is_blank_or_break(text[at + 1]);
  if (at == 0) {
    if (is_one_of(c, U"#,[]{}&*!|>'\"%@`")) return true;
    return is_one_of(c, U"?:-") && is_before_blank;
  }
  if (c == U':') return is_before_blank;
  return c == U'#' && is_blank_or_break(text[at - 1]);
}

Findings examine(std::u32string_view text) {
  Findings found;
  const auto head = text.substr(0, 3);
  found.has_indicator = head == U"---" || head == U"...";
  for (size_t at = 0; at < text.size(); ++at) {
    const char32_t c = text[at];
    const bool is_edge = at == 0 || at + 1 == text.size();
    const bool is_ascii = c == U'\n' || (c >= 0x20 && c <= 0x7E);
    found.has_indicator |= is_indicator(text, at);
    found.has_special |= !is_ascii && !is_yaml_printable(c);
    found.has_break |= is_yaml_break(c);
    found.has_space_at_edge |= is_edge && c == U' ';
    found.has_break_at_edge |= is_edge && is_yaml_break(c);
    if (at == 0) continue;
    found.has_space_before_break |= text[at - 1] == U' ' && is_yaml_break(c);
    found.has_space_after_break |= is_yaml_break(text[at - 1]) && c == U' ';
  }
  return found;
}

}  // namespace

bool is_yaml_break(char32_t c) { return c == U'\n' || c == 0x85 || c == 0x2028 || c == 0x2029; }

bool is_yaml_printable(char32_t c) {
  if (c == 0xFEFF) return false;
  return c == 0x85 || (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
         (c >= 0x10000 && c < 0x10FFFF);
}

YamlStyle yaml_style(std::u32string_view text) {
  if (text.empty()) return YamlStyle::kSingleQuoted;  // plain nothing would be null
  const Findings found = examine(text);
  if (found.has_special || found.has_space_before_break || found.has_space_after_break) {
    return YamlStyle::kDoubleQuoted;
  }
  const bool needs_quotes = found.has_break || found.has_indicator || found.has_space_at_edge ||
                            found.has_break_at_edge || resolves_to_other_type(text);
  return needs_quotes ? YamlStyle::kSingleQuoted : YamlStyle::kPlain;
}

}  // namespace acestep::text
