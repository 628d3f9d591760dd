// Text of strangers, made safe to show in a message.
#pragma once

#include <string>
#include <string_view>

namespace acestep::util {

// False for overlong forms, surrogates, values above U+10FFFF and cut sequences.
bool is_utf8(std::string_view text);

// 'text' in single quotes, cut after 60 bytes at a character's end.
std::string in_quotes(std::string_view text);

}  // namespace acestep::util
