#include "text/added_tokens.h"

#include <algorithm>
#include <functional>

#include "util/error.h"

namespace acestep::text {

void AddedTokenSplitter::add(std::string content, int64_t id) {
  ACE_CHECK(!content.empty());
  std::vector<size_t>& lengths = lengths_bytes_[static_cast<uint8_t>(content[0])];
  const auto place =
      std::lower_bound(lengths.begin(), lengths.end(), content.size(), std::greater<>());
  if (place == lengths.end() || *place != content.size()) lengths.insert(place, content.size());
  ids_.emplace(std::move(content), id);
}

std::vector<TextPart> AddedTokenSplitter::split(std::string_view text) const {
  std::vector<TextPart> parts;
  size_t plain_from = 0;
  const auto take_plain = [&](size_t to) {
    if (to > plain_from) parts.push_back({text.substr(plain_from, to - plain_from), std::nullopt});
  };
  for (size_t at = 0; at < text.size();) {
    const std::optional<TextPart> token = longest_at(text.substr(at));
    if (!token) {
      ++at;
      continue;
    }
    take_plain(at);
    parts.push_back(*token);
    at += token->text.size();
    plain_from = at;
  }
  take_plain(text.size());
  return parts;
}

std::optional<TextPart> AddedTokenSplitter::longest_at(std::string_view text) const {
  for (const size_t length : lengths_bytes_[static_cast<uint8_t>(text[0])]) {
    if (length > text.size()) continue;
    const std::string_view candidate = text.substr(0, length);
    const auto found = ids_.find(candidate);
    if (found != ids_.end()) return TextPart{candidate, found->second};
  }
  return std::nullopt;
}

}  // namespace acestep::text
