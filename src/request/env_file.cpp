#include "request/env_file.h"

#include <algorithm>

#include "request/text.h"
#include "util/error.h"

namespace acestep::request {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

bool may_start_name(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }

bool may_continue_name(char c) { return may_start_name(c) || (c >= '0' && c <= '9'); }

class EnvReader {
 public:
  EnvReader(std::string_view text, const std::string& name) : text_(text), file_{.name = name} {}

  EnvFile read() {
    for (skip_to_variable(); at_ < text_.size(); skip_to_variable()) read_variable();
    return std::move(file_);
  }

 private:
  [[noreturn]] void fail(int line, const std::string& what) const {
    throw Error(ErrorCode::kUsage, file_.name + " line " + std::to_string(line) + ": " + what,
                "lines are NAME=VALUE, with quotes around values that hold blanks or #");
  }

  char here() const { return at_ < text_.size() ? text_[at_] : '\n'; }

  char next() {
    const char c = text_[at_++];
    if (c == '\n') ++line_;
    return c;
  }

  void skip_blanks() {
    while (is_blank(here())) ++at_;
  }

  void skip_line() {
    while (here() != '\n') ++at_;
  }

  // Over blank lines and comments.
  void skip_to_variable() {
    while (at_ < text_.size()) {
      skip_blanks();
      if (here() == '#') skip_line();
      if (at_ == text_.size() || here() != '\n') return;
      next();
    }
  }

  void read_variable() {
    EnvVariable variable{.name = read_name(), .value = {}, .line = line_};
    if (variable.name == "export" && is_blank(here())) {
      skip_blanks();
      variable.name = read_name();
    }
    skip_blanks();
    if (here() != '=') fail(line_, "expected = after " + in_quotes(variable.name));
    ++at_;
    skip_blanks();
    const bool is_quoted = here() == '"' || here() == '\'';
    variable.value = is_quoted ? read_quoted() : read_bare();
    file_.variables.push_back(std::move(variable));
  }

  std::string read_name() {
    if (!may_start_name(here())) fail(line_, "expected the name of a variable");
    const size_t begin = at_;
    while (may_continue_name(here())) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string read_bare() {
    const size_t begin = at_;
    while (here() != '\n' && !(here() == '#' && is_blank(text_[at_ - 1]))) ++at_;
    const std::string_view value = trim(text_.substr(begin, at_ - begin));
    skip_line();
    return std::string(value);
  }

  std::string read_quoted() {
    const int first_line = line_;
    const char quote = next();
    std::string value;
    while (at_ < text_.size() && here() != quote) {
      const char c = next();
      value += quote == '"' && c == '\\' ? read_escape() : c;
    }
    if (at_ == text_.size()) fail(first_line, std::string("no closing ") + quote);
    next();
    skip_blanks();
    if (here() == '#') skip_line();
    if (here() != '\n') fail(line_, "something follows the closing quote");
    return value;
  }

  char read_escape() {
    const char c = at_ < text_.size() ? next() : '\0';
    switch (c) {
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case '"':
      case '\\':
      case '$':
        return c;
      default:
        fail(line_, "a backslash in double quotes is followed by n, r, t, \", \\ or $");
    }
  }

  std::string_view text_;
  EnvFile file_;
  size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

const EnvVariable* EnvFile::find(std::string_view variable) const {
  const auto found = std::find_if(variables.rbegin(), variables.rend(),
                                  [&](const EnvVariable& known) { return known.name == variable; });
  return found == variables.rend() ? nullptr : &*found;
}

EnvFile read_env_file(std::string_view text, const std::string& name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (!is_utf8(text)) throw Error(ErrorCode::kUsage, name + ": not valid UTF-8");
  if (text.find('\0') != std::string_view::npos) {
    throw Error(ErrorCode::kUsage, name + ": a NUL byte stands in the text");
  }
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return EnvReader(text, name).read();
}

}  // namespace acestep::request
