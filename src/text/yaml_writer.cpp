#include "text/yaml_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "text/python_text.h"
#include "text/yaml_scalar.h"

namespace acestep::text {
namespace {

constexpr int64_t kBestWidth =
    80;  // PyYAML's default: a line is folded at the first space beyond it
constexpr std::u32string_view kIndent = U"  ";

// Writes one scalar behind "key:", counting columns in code points.
class ScalarWriter {
 public:
  explicit ScalarWriter(size_t column) : column_(column) {}

  void write(std::u32string_view text) {
    out_ += text;
    column_ += text.size();
  }

  // pending: characters not written yet; -1 when an escape has just taken the current one.
  bool is_beyond_width(int64_t pending = 0) const {
    return static_cast<int64_t>(column_) + pending > kBestWidth;
  }

  void line_break(char32_t c) {
    out_ += c;
    column_ = 0;
  }

  void indent() { write(kIndent); }

  void fold() {
    line_break(U'\n');
    indent();
  }

  const std::u32string& text() const { return out_; }

 private:
  std::u32string out_;
  size_t column_;
};

// The end of the run of characters that satisfy `belongs`, starting at `from`.
template <typename Belongs>
size_t end_of_run(std::u32string_view text, size_t from, Belongs belongs) {
  while (from < text.size() && belongs(text[from])) ++from;
  return from;
}

bool is_blank_char(char32_t c) { return c == U' '; }

void write_plain(std::u32string_view text, ScalarWriter& out) {
  for (size_t at = 0; at < text.size();) {
    const bool is_space_run = is_blank_char(text[at]);
    const size_t end =
        end_of_run(text, at, [&](char32_t c) { return is_blank_char(c) == is_space_run; });
    if (is_space_run && end - at == 1 && out.is_beyond_width()) {
      out.fold();
    } else {
      out.write(text.substr(at, end - at));
    }
    at = end;
  }
}

void write_breaks(std::u32string_view breaks, ScalarWriter& out) {
  // A single line feed would read as a space, so the first one is doubled.
  if (breaks[0] == U'\n') out.line_break(U'\n');
  for (const char32_t c : breaks) out.line_break(c);
  out.indent();
}

void write_quoted_word(std::u32string_view word, ScalarWriter& out) {
  for (const char32_t c : word) {
    if (c == U'\'') out.write(U"'");
    out.write({&c, 1});
  }
}

void write_single_quoted(std::u32string_view text, ScalarWriter& out) {
  out.write(U"'");
  for (size_t at = 0; at < text.size();) {
    const bool is_space_run = is_blank_char(text[at]);
    const bool is_break_run = is_yaml_break(text[at]);
    const size_t end = end_of_run(text, at, [&](char32_t c) {
      return is_blank_char(c) == is_space_run && is_yaml_break(c) == is_break_run;
    });
    const std::u32string_view run = text.substr(at, end - at);
    const bool is_inside = at != 0 && end != text.size();
    if (is_break_run) {
      write_breaks(run, out);
    } else if (is_space_run && run.size() == 1 && is_inside && out.is_beyond_width()) {
      out.fold();
    } else {
      write_quoted_word(run, out);
    }
    at = end;
  }
  out.write(U"'");
}

std::u32string escape(char32_t c) {
  constexpr std::array<std::pair<char32_t, char32_t>, 15> kShort = {{{0x00, U'0'},
                                                                     {0x07, U'a'},
                                                                     {0x08, U'b'},
                                                                     {0x09, U't'},
                                                                     {0x0A, U'n'},
                                                                     {0x0B, U'v'},
                                                                     {0x0C, U'f'},
                                                                     {0x0D, U'r'},
                                                                     {0x1B, U'e'},
                                                                     {U'"', U'"'},
                                                                     {U'\\', U'\\'},
                                                                     {0x85, U'N'},
                                                                     {0xA0, U'_'},
                                                                     {0x2028, U'L'},
                                                                     {0x2029, U'P'}}};
  for (const auto& [from, to] : kShort) {
    if (from == c) return {U'\\', to};
  }
  std::array<char, 16> digits{};
  const auto code = static_cast<unsigned>(c);
  const char* format = code <= 0xFF ? "\\x%02X" : code <= 0xFFFF ? "\\u%04X" : "\\U%08X";
  std::snprintf(digits.data(), digits.size(), format, code);
  return to_code_points(digits.data());
}

bool is_escaped(char32_t c) {
  if (c == U'"' || c == U'\\' || is_yaml_break(c)) return true;
  const bool is_ascii = c >= 0x20 && c <= 0x7E;
  // Beyond the basic plane PyYAML escapes inside double quotes, though not elsewhere.
  return !is_ascii && (!is_yaml_printable(c) || c > 0xFFFF);
}

void write_double_quoted(std::u32string_view text, ScalarWriter& out) {
  out.write(U"\"");
  size_t pending_from = 0;  // characters from here to `at` are not written yet
  for (size_t at = 0; at < text.size(); ++at) {
    if (is_escaped(text[at])) {
      out.write(text.substr(pending_from, at - pending_from));
      out.write(escape(text[at]));
      pending_from = at + 1;
    }
    const bool may_fold = text[at] == U' ' || pending_from >= at;
    const auto pending = static_cast<int64_t>(at) - static_cast<int64_t>(pending_from);
    const bool is_inside = at != 0 && at + 1 < text.size();
    if (!is_inside || !may_fold || !out.is_beyond_width(pending)) continue;
    if (pending_from < at) {
      out.write(text.substr(pending_from, at - pending_from));
      pending_from = at;
    }
    out.write(U"\\");
    out.fold();
    if (text[pending_from] == U' ') out.write(U"\\");
  }
  out.write(text.substr(std::min(pending_from, text.size())));
  out.write(U"\"");
}

std::u32string number_text(const MetadataValue& value) {
  if (is_null(value)) return U"null";
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? U"true" : U"false";
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr) return to_code_points(to_text(value));
  if (std::isnan(*number)) return U".nan";
  if (std::isinf(*number)) return *number > 0 ? U".inf" : U"-.inf";
  std::u32string text = to_code_points(float_text(*number));
  // "1e+17" would not read as a float in YAML 1.1; "1.0e+17" does.
  const size_t exponent = text.find(U'e');
  const bool lacks_point = exponent != text.npos && text.find(U'.') == text.npos;
  return lacks_point ? text.insert(exponent, U".0") : text;
}

std::string write_scalar(const MetadataValue& value, size_t column) {
  ScalarWriter out(column);
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) {
    write_plain(number_text(value), out);
    return from_code_points(out.text());
  }
  const std::u32string points = to_code_points(*text);
  const YamlStyle style = yaml_style(points);
  if (style == YamlStyle::kPlain) write_plain(points, out);
  if (style == YamlStyle::kSingleQuoted) write_single_quoted(points, out);
  if (style == YamlStyle::kDoubleQuoted) write_double_quoted(points, out);
  return from_code_points(out.text());
}

}  // namespace

std::string write_yaml(const Metadata& metadata) {
  std::string yaml;
  for (const auto& [key, value] : metadata) {
    const std::string head = key + ": ";
    yaml += head + write_scalar(value, head.size()) + "\n";
  }
  return yaml;
}

}  // namespace acestep::text
