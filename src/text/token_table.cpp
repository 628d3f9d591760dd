#include "text/token_table.h"

#include "util/error.h"

namespace acestep::text {
namespace {

[[noreturn]] void fail(std::string_view origin, const std::string& complaint) {
  throw Error(ErrorCode::kModel, std::string(origin) + ": " + complaint,
              "The tokenizer files do not belong together; download the model again.");
}

}  // namespace

TokenTable::TokenTable(std::vector<Entry> entries, std::string_view origin) {
  if (entries.empty()) fail(origin, "the vocabulary is empty");
  tokens_.resize(entries.size());
  ids_.reserve(entries.size());
  for (Entry& entry : entries) {
    if (entry.token.empty()) fail(origin, "id " + std::to_string(entry.id) + " is an empty token");
    if (entry.id < 0 || entry.id >= size()) {
      fail(origin, "token '" + entry.token + "' has id " + std::to_string(entry.id) +
                       ", expected 0 to " + std::to_string(size() - 1) + " without gaps");
    }
    std::string& place = tokens_[static_cast<size_t>(entry.id)];
    if (!place.empty()) {
      fail(origin, "tokens '" + place + "' and '" + entry.token + "' both have id " +
                       std::to_string(entry.id));
    }
    place = std::move(entry.token);
  }
  for (int64_t id = 0; id < size(); ++id) {
    const auto [other, is_new] = ids_.emplace(token(id), id);
    if (!is_new) {
      fail(origin, "token '" + token(id) + "' has two ids: " + std::to_string(other->second) +
                       " and " + std::to_string(id));
    }
  }
}

std::optional<int64_t> TokenTable::find(std::string_view token) const {
  const auto found = ids_.find(token);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

}  // namespace acestep::text
