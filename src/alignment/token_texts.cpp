#include "alignment/token_texts.h"

#include <string_view>

#include "text/unicode_text.h"

namespace acestep::alignment {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

}  // namespace

bool ends_incomplete(const std::string& text) { return text.ends_with(kReplacement); }

std::vector<std::string> token_texts(const TokenIds& ids, const Decode& decode) {
  std::vector<std::string> texts;
  // Since the last complete character: what lies before it can change no more.
  TokenIds open;
  std::string before;
  for (const int64_t id : ids) {
    open.push_back(id);
    const std::string now = decode(open);
    std::string brought = now.size() >= before.size() ? now.substr(before.size()) : std::string();
    if (text::repair_utf8(brought) != brought) brought.clear();
    texts.push_back(std::move(brought));
    before = now;
    if (ends_incomplete(now)) continue;
    open.clear();
    before.clear();
  }
  return texts;
}

}  // namespace acestep::alignment
