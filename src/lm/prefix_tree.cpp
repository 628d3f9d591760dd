#include "lm/prefix_tree.h"

#include <algorithm>

namespace acestep::lm {
namespace {

void insert_sorted(std::vector<int64_t>& ids, int64_t id) {
  const auto place = std::lower_bound(ids.begin(), ids.end(), id);
  if (place == ids.end() || *place != id) ids.insert(place, id);
}

}  // namespace

void PrefixTree::add(const std::vector<int64_t>& value) {
  std::vector<int64_t> prefix;
  for (const int64_t id : value) {
    insert_sorted(nodes_[prefix], id);
    prefix.push_back(id);
  }
  insert_sorted(nodes_[prefix], end_);
}

const std::vector<int64_t>& PrefixTree::allowed_after(const std::vector<int64_t>& prefix) const {
  static const std::vector<int64_t> kNothing;
  const auto node = nodes_.find(prefix);
  return node == nodes_.end() ? kNothing : node->second;
}

bool PrefixTree::is_complete(const std::vector<int64_t>& prefix) const {
  const std::vector<int64_t>& allowed = allowed_after(prefix);
  return std::binary_search(allowed.begin(), allowed.end(), end_);
}

}  // namespace acestep::lm
