// The printable stand-ins that byte-level BPE vocabularies use for the 256 byte values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace acestep::text {

// The character (UTF-8, one or two bytes) that stands for `byte`: printable Latin-1 characters
// stand for themselves, the others for U+0100 and up, in order.
std::string_view alphabet_symbol(uint8_t byte);

// Every byte of `bytes` replaced by its stand-in.
std::string to_alphabet(std::string_view bytes);

// The bytes that `token` stands for. A token with any character outside the alphabet (an added
// token may hold a space) stands for its own UTF-8 bytes.
std::string from_alphabet(std::string_view token);

}  // namespace acestep::text
