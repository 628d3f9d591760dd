// The token sequences a metadata value may take, asked one token at a time.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace acestep::lm {

class PrefixTree {
 public:
  // end: the token that may follow every complete value.
  explicit PrefixTree(int64_t end) : end_(end) {}

  void add(const std::vector<int64_t>& value);

  // Ids that may follow `prefix`, ascending; empty when no value starts with it.
  const std::vector<int64_t>& allowed_after(const std::vector<int64_t>& prefix) const;
  // Whether `prefix` is itself a value.
  bool is_complete(const std::vector<int64_t>& prefix) const;

  // Every prefix with what may follow it, in ascending order.
  const std::map<std::vector<int64_t>, std::vector<int64_t>>& nodes() const { return nodes_; }

 private:
  int64_t end_;
  std::map<std::vector<int64_t>, std::vector<int64_t>> nodes_;
};

}  // namespace acestep::lm
