// The dense table of a vocabulary: id -> token and token -> id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace acestep::text {

class TokenTable final {
 public:
  // The published vocabularies have 217,204 ids; ranks must stay exact in float32 (BpeModel).
  static constexpr int64_t kLargestId = (int64_t{1} << 22) - 1;

  // One entry and where it was read, for complaints.
  struct Entry {
    std::string token;
    int64_t id;
  };

  // Throws Error kModel naming `origin` unless the ids are 0 … n-1, each once, and no token is
  // empty or has two ids.
  TokenTable(std::vector<Entry> entries, std::string_view origin);
  TokenTable(TokenTable&&) noexcept = default;
  TokenTable(const TokenTable&) = delete;  // ids_ views tokens_

  int64_t size() const { return static_cast<int64_t>(tokens_.size()); }
  std::optional<int64_t> find(std::string_view token) const;
  // id: 0 … size() - 1.
  const std::string& token(int64_t id) const { return tokens_[static_cast<size_t>(id)]; }
  bool holds(int64_t id) const { return id >= 0 && id < size(); }

 private:
  std::vector<std::string> tokens_;
  std::unordered_map<std::string_view, int64_t>
      ids_;  // views into tokens_, whose strings never move
};

}  // namespace acestep::text
