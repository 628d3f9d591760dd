#include "condition/batch_lists.h"

#include <algorithm>

namespace acestep::condition {
namespace {

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\n\r\f\v") == std::string::npos;
}

}  // namespace

std::vector<OptionalText> one_per_song(const std::optional<std::vector<OptionalText>>& given,
                                       int64_t songs, const OptionalText& filler) {
  const auto count = static_cast<std::size_t>(songs);
  if (!given) return std::vector<OptionalText>(count, filler);
  if (given->size() == 1) return std::vector<OptionalText>(count, given->front());
  std::vector<OptionalText> result(
      given->begin(), given->begin() + static_cast<std::ptrdiff_t>(std::min(count, given->size())));
  result.resize(count, filler);
  return result;
}

std::vector<OptionalText> code_hints_per_song(const std::optional<std::vector<OptionalText>>& given,
                                              int64_t songs) {
  std::vector<OptionalText> hints = one_per_song(given, songs, std::nullopt);
  for (OptionalText& hint : hints) {
    if (hint && is_blank(*hint)) hint.reset();
  }
  return hints;
}

}  // namespace acestep::condition
