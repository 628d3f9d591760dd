#include "cli/roff.h"

#include <cstdint>
#include <cstdio>

namespace acestep::cli {
namespace {

// Bytes of the UTF-8 character that begins so; the program's own texts are valid.
size_t width_of(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xE0) return 2;
  return first < 0xF0 ? 3 : 4;
}

// "\[u2026]"
std::string code_point(std::string_view bytes) {
  uint32_t code = static_cast<unsigned char>(bytes[0]) & (0xFFu >> (bytes.size() + 1));
  for (const char c : bytes.substr(1)) code = code << 6 | (static_cast<unsigned char>(c) & 0x3Fu);
  char text[16];
  std::snprintf(text, sizeof text, "\\[u%04X]", code);
  return text;
}

std::string escaped(char c) {
  switch (c) {
    case '\\':
      return "\\(rs";
    case '-':
      return "\\-";
    case '\'':
      return "\\(aq";
    case '"':
      return "\\(dq";
    case '`':
      return "\\(ga";
    case '^':
      return "\\(ha";
    case '~':
      return "\\(ti";
    default:
      return {c};
  }
}

std::string in_font(std::string_view font, std::string_view text) {
  return std::string(font).append(roff_text(text)).append("\\fR");
}

}  // namespace

std::string roff_text(std::string_view text) {
  std::string roff;
  bool begins_line = true;
  for (size_t i = 0; i < text.size();) {
    const size_t width = width_of(static_cast<unsigned char>(text[i]));
    if (begins_line && text[i] == '.') roff += "\\&";
    roff += width == 1 ? escaped(text[i]) : code_point(text.substr(i, width));
    begins_line = text[i] == '\n';
    i += width;
  }
  return roff;
}

std::string roff_bold(std::string_view text) { return in_font("\\fB", text); }

std::string roff_italic(std::string_view text) { return in_font("\\fI", text); }

std::string roff_request(std::string_view request, std::string_view argument) {
  return std::string(".").append(request).append(" \"").append(roff_text(argument)).append("\"\n");
}

}  // namespace acestep::cli
