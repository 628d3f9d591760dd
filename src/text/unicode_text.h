// Unicode work on UTF-8 text: repair, normal forms, and splitting by a regular expression.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::text {

enum class Normalization { kNone, kNfc, kNfd, kNfkc, kNfkd };

// `bytes` with every maximal part that is not UTF-8 replaced by one U+FFFD.
std::string repair_utf8(std::string_view bytes);

// The normal form of valid UTF-8 text.
std::string normalize(std::string_view text, Normalization form);

// A regular expression of our own (ICU syntax, `.` takes line breaks too).
class Pattern final {
 public:
  explicit Pattern(std::string_view pattern);
  ~Pattern();

  // Does it match the whole text?
  bool matches(std::string_view text) const;
  // What the numbered group holds in the first match, if there is one; group 0 is all of it.
  std::optional<std::string> find(std::string_view text, int group = 0) const;
  // All matches in order.
  std::vector<std::string> find_all(std::string_view text) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

// Cuts text at the matches of a regular expression; safe to use from several threads.
class SplitPattern final {
 public:
  // Throws Error kModel when ICU does not accept `pattern` (UTF-8); `origin` names its file and
  // key.
  SplitPattern(std::string_view pattern, std::string_view origin);
  ~SplitPattern();
  SplitPattern(SplitPattern&&) noexcept;

  // The matches and what lies between them, in order; joined they give `text` (valid UTF-8) again.
  std::vector<std::string> split(std::string_view text) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace acestep::text
