#include "text/byte_alphabet.h"

#include <array>
#include <optional>

namespace acestep::text {
namespace {

constexpr int kByteValues = 256;
constexpr int kFirstReplacement = 0x100;

struct Alphabet {
  std::array<std::string, kByteValues> symbols;
  // Code point -> byte, -1 where the code point is no stand-in; all lie below two UTF-8 bytes'
  // limit.
  std::array<int16_t, 0x800> bytes;
};

bool stands_for_itself(int byte) {
  return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

std::string encode_utf8(int code_point) {
  if (code_point < 0x80) return std::string(1, static_cast<char>(code_point));
  return {static_cast<char>(0xC0 | (code_point >> 6)),
          static_cast<char>(0x80 | (code_point & 0x3F))};
}

Alphabet make_alphabet() {
  Alphabet alphabet;
  alphabet.bytes.fill(-1);
  int next_replacement = kFirstReplacement;
  for (int byte = 0; byte < kByteValues; ++byte) {
    const int code_point = stands_for_itself(byte) ? byte : next_replacement++;
    alphabet.symbols[byte] = encode_utf8(code_point);
    alphabet.bytes[code_point] = static_cast<int16_t>(byte);
  }
  return alphabet;
}

const Alphabet& alphabet() {
  static const Alphabet instance = make_alphabet();
  return instance;
}

struct Character {
  int code_point;
  size_t length_bytes;
};

// The first character of `text` if it is encoded in one or two bytes.
std::optional<Character> short_character(std::string_view text) {
  const auto first = static_cast<uint8_t>(text[0]);
  if (first < 0x80) return Character{first, 1};
  const bool has_two = (first & 0xE0) == 0xC0 && text.size() > 1;
  if (!has_two) return std::nullopt;
  const auto second = static_cast<uint8_t>(text[1]);
  return Character{(first & 0x1F) << 6 | (second & 0x3F), 2};
}

}  // namespace

std::string_view alphabet_symbol(uint8_t byte) { return alphabet().symbols[byte]; }

std::string to_alphabet(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char byte : bytes) out += alphabet_symbol(static_cast<uint8_t>(byte));
  return out;
}

std::string from_alphabet(std::string_view token) {
  std::string out;
  out.reserve(token.size());
  for (size_t at = 0; at < token.size();) {
    const std::optional<Character> character = short_character(token.substr(at));
    if (!character) return std::string(token);
    const int16_t byte = alphabet().bytes[character->code_point];
    if (byte < 0) return std::string(token);
    out += static_cast<char>(byte);
    at += character->length_bytes;
  }
  return out;
}

}  // namespace acestep::text
