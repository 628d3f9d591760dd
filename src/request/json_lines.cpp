#include "request/json_lines.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace acestep::request {
namespace {

class KeyFinder {
 public:
  explicit KeyFinder(std::string_view text) : text_(text) {}

  std::map<std::string, int> run() {
    while (at_ < text_.size()) step();
    return std::move(lines_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '"') return pass_string();
    if (c == '{' || c == '[') ++depth_;
    if (c == '}' || c == ']') --depth_;
    if (c == '\n') ++line_;
    ++at_;
  }

  // Over the string; a colon behind it makes it a key.
  void pass_string() {
    const size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, text_.size());
    const size_t next = text_.find_first_not_of(" \t\r\n", at_);
    const bool is_key = next != std::string_view::npos && text_[next] == ':';
    if (is_key && depth_ <= 2) remember(text_.substr(begin, at_ - begin));
  }

  void remember(std::string_view quoted) {
    const auto key = nlohmann::json::parse(quoted).get<std::string>();
    if (depth_ == 1) outer_ = key;
    lines_.emplace(depth_ == 1 ? key : outer_ + "/" + key, line_);
  }

  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
  int line_ = 1;
  std::string outer_;  // the last key of the outermost object
  std::map<std::string, int> lines_;
};

}  // namespace

std::map<std::string, int> lines_of_keys(std::string_view text) { return KeyFinder(text).run(); }

}  // namespace acestep::request
