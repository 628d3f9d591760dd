#include "text/unicode_text.h"

#include <unicode/normalizer2.h>
#include <unicode/regex.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <climits>

#include "util/error.h"

namespace acestep::text {
namespace {

icu::UnicodeString from_utf8(std::string_view text) {
  ACE_CHECK(text.size() <= static_cast<size_t>(INT32_MAX / 4));
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

void check_icu(UErrorCode status, const char* action) {
  if (U_SUCCESS(status)) return;
  throw Error(ErrorCode::kInternal, std::string(action) + " failed: " + u_errorName(status));
}

const icu::Normalizer2& normalizer(Normalization form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = nullptr;
  if (form == Normalization::kNfc) found = icu::Normalizer2::getNFCInstance(status);
  if (form == Normalization::kNfd) found = icu::Normalizer2::getNFDInstance(status);
  if (form == Normalization::kNfkc) found = icu::Normalizer2::getNFKCInstance(status);
  if (form == Normalization::kNfkd) found = icu::Normalizer2::getNFKDInstance(status);
  check_icu(status, "loading ICU's normalisation data");
  ACE_CHECK(found != nullptr);
  return *found;
}

// text must outlive the matcher.
std::unique_ptr<icu::RegexMatcher> make_matcher(const icu::RegexPattern& pattern,
                                                const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<icu::RegexMatcher> matcher(pattern.matcher(text, status));
  check_icu(status, "preparing a regular expression");
  // Backtracking memory is bounded by the text alone: a very long line is not an error.
  matcher->setStackLimit(0, status);
  check_icu(status, "preparing a regular expression");
  return matcher;
}

// A model's file brings the split pattern, and some patterns backtrack for ever. Sound ones take a
// few steps and bytes for each character; these limits are some hundred times that.
void bound_effort(icu::RegexMatcher& matcher, int32_t characters) {
  constexpr int32_t kLeastTicks = 500;  // of 10,000 steps each
  constexpr int32_t kCharactersPerTick = 50;
  constexpr int64_t kLeastStackBytes = int64_t{16} << 20;
  constexpr int64_t kStackBytesPerCharacter = 256;
  const int64_t stack_bytes = kLeastStackBytes + kStackBytesPerCharacter * characters;
  UErrorCode status = U_ZERO_ERROR;
  matcher.setTimeLimit(kLeastTicks + characters / kCharactersPerTick, status);
  matcher.setStackLimit(static_cast<int32_t>(std::min<int64_t>(stack_bytes, INT32_MAX)), status);
  check_icu(status, "preparing a regular expression");
}

}  // namespace

std::string repair_utf8(std::string_view bytes) { return to_utf8(from_utf8(bytes)); }

std::string normalize(std::string_view text, Normalization form) {
  if (form == Normalization::kNone) return std::string(text);
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString normal = normalizer(form).normalize(from_utf8(text), status);
  check_icu(status, "Unicode normalisation");
  return to_utf8(normal);
}

struct Pattern::Compiled {
  std::unique_ptr<icu::RegexPattern> pattern;
};

Pattern::Pattern(std::string_view pattern) {
  UErrorCode status = U_ZERO_ERROR;
  UParseError where{};
  std::unique_ptr<icu::RegexPattern> compiled(
      icu::RegexPattern::compile(from_utf8(pattern), UREGEX_DOTALL, where, status));
  check_icu(status, "compiling a regular expression");
  compiled_ = std::make_unique<Compiled>(Compiled{std::move(compiled)});
}

Pattern::~Pattern() = default;

bool Pattern::matches(std::string_view text) const {
  const icu::UnicodeString whole = from_utf8(text);
  UErrorCode status = U_ZERO_ERROR;
  const bool is_match = make_matcher(*compiled_->pattern, whole)->matches(status);
  check_icu(status, "matching text");
  return is_match;
}

std::optional<std::string> Pattern::find(std::string_view text, int group) const {
  const icu::UnicodeString whole = from_utf8(text);
  UErrorCode status = U_ZERO_ERROR;
  const auto matcher = make_matcher(*compiled_->pattern, whole);
  const bool is_found = matcher->find(status);
  check_icu(status, "searching text");
  if (!is_found) return std::nullopt;
  const icu::UnicodeString match = matcher->group(group, status);
  check_icu(status, "reading a match");
  return to_utf8(match);
}

std::vector<std::string> Pattern::find_all(std::string_view text) const {
  const icu::UnicodeString whole = from_utf8(text);
  UErrorCode status = U_ZERO_ERROR;
  const auto matcher = make_matcher(*compiled_->pattern, whole);
  std::vector<std::string> matches;
  while (matcher->find(status)) matches.push_back(to_utf8(matcher->group(status)));
  check_icu(status, "searching text");
  return matches;
}

struct SplitPattern::Compiled {
  std::unique_ptr<icu::RegexPattern> pattern;
};

SplitPattern::SplitPattern(std::string_view pattern, std::string_view origin) {
  UErrorCode status = U_ZERO_ERROR;
  UParseError where{};
  std::unique_ptr<icu::RegexPattern> compiled(
      icu::RegexPattern::compile(from_utf8(pattern), 0, where, status));
  if (U_FAILURE(status)) {
    throw Error(ErrorCode::kModel, std::string(origin) +
                                       ": the split pattern is not a valid regular "
                                       "expression: " +
                                       u_errorName(status) + " at character " +
                                       std::to_string(where.offset));
  }
  compiled_ = std::make_unique<Compiled>(Compiled{std::move(compiled)});
}

SplitPattern::~SplitPattern() = default;
SplitPattern::SplitPattern(SplitPattern&&) noexcept = default;

std::vector<std::string> SplitPattern::split(std::string_view text) const {
  const icu::UnicodeString whole = from_utf8(text);
  UErrorCode status = U_ZERO_ERROR;
  const auto matcher = make_matcher(*compiled_->pattern, whole);
  bound_effort(*matcher, whole.length());

  std::vector<std::string> pieces;
  const auto take = [&](int32_t from, int32_t to) {
    if (to > from) pieces.push_back(to_utf8(whole.tempSubStringBetween(from, to)));
  };
  int32_t end_of_last = 0;
  while (matcher->find(status)) {
    take(end_of_last, matcher->start(status));
    take(matcher->start(status), matcher->end(status));
    end_of_last = matcher->end(status);
  }
  if (status == U_REGEX_TIME_OUT || status == U_REGEX_STACK_OVERFLOW) {
    throw Error(ErrorCode::kModel, "the tokenizer's split pattern does not come to an end",
                "The tokenizer files are damaged; download the model again.");
  }
  check_icu(status, "splitting text");
  take(end_of_last, whole.length());
  return pieces;
}

}  // namespace acestep::text
