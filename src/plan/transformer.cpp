#include "plan/transformer.h"

#include <algorithm>
#include <filesystem>

#include "request/text.h"

namespace acestep::plan {

DitKind dit_kind_of(std::string_view name_or_folder) {
  const auto words = request::split_any(request::to_lower_ascii(name_or_folder), "/\\._-");
  const auto has = [&](const char* word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  return {.is_xl = has("xl"), .is_turbo = has("turbo")};
}

std::string_view kind_name(const DitKind& kind) {
  if (kind.is_xl) return kind.is_turbo ? "xl_turbo" : "xl_base";
  return kind.is_turbo ? "turbo" : "base";
}

std::string sibling_2b(std::string_view xl_name) {
  constexpr std::string_view kSeparators = "._-";
  std::string name = std::filesystem::path(xl_name).filename().string();
  const std::string lower = request::to_lower_ascii(name);
  const auto is_edge = [&](size_t i) {
    return i >= lower.size() || kSeparators.find(lower[i]) != std::string_view::npos;
  };
  for (size_t i = lower.find("xl"); i != std::string::npos; i = lower.find("xl", i + 1)) {
    const bool is_word = (i == 0 || is_edge(i - 1)) && is_edge(i + 2);
    if (!is_word) continue;
    name.erase(i == 0 ? 0 : i - 1, 3);  // with one separator
    break;
  }
  return name;
}

}  // namespace acestep::plan
