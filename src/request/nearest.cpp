#include "request/nearest.h"

#include <algorithm>

#include "request/text.h"

namespace acestep::request {

size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::vector<size_t>> edits(from.size() + 1, std::vector<size_t>(to.size() + 1));
  for (size_t i = 0; i <= from.size(); ++i) edits[i][0] = i;
  for (size_t j = 0; j <= to.size(); ++j) edits[0][j] = j;
  for (size_t i = 1; i <= from.size(); ++i) {
    for (size_t j = 1; j <= to.size(); ++j) {
      const size_t replaced = edits[i - 1][j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      edits[i][j] = std::min({edits[i - 1][j] + 1, edits[i][j - 1] + 1, replaced});
      const bool are_swapped =
          i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (are_swapped) edits[i][j] = std::min(edits[i][j], edits[i - 2][j - 2] + 1);
    }
  }
  return edits[from.size()][to.size()];
}

std::optional<std::string> nearest_name(std::string_view name,
                                        const std::vector<std::string>& known) {
  constexpr size_t kLongestName = 64;
  if (name.size() > kLongestName) return std::nullopt;
  const std::string wanted = to_lower_ascii(name);
  std::optional<std::string> nearest;
  size_t fewest = std::max<size_t>(1, wanted.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const size_t edits = edit_distance(wanted, to_lower_ascii(candidate));
    if (edits < fewest) {
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string allowed_choices(std::string_view given, const std::vector<std::string>& choices) {
  const auto near = nearest_name(given, choices);
  const std::string allowed = "allowed: " + listed(choices);
  return near ? allowed + "; did you mean '" + *near + "'?" : allowed;
}

}  // namespace acestep::request
