// Which of YAML's scalar styles PyYAML picks for a text in a block mapping.
#pragma once

#include <string_view>

namespace acestep::text {

enum class YamlStyle { kPlain, kSingleQuoted, kDoubleQuoted };

// text: code points of a string value (not of a number).
YamlStyle yaml_style(std::u32string_view text);

// The line breaks of YAML 1.1 that PyYAML folds at: LF, NEL, LS, PS.
bool is_yaml_break(char32_t c);
// Characters that stand unescaped in quoted and plain text besides printable ASCII.
bool is_yaml_printable(char32_t c);

}  // namespace acestep::text
