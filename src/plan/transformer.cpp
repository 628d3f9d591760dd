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
  const std::string name = std::filesystem::path(xl_name).filename().string();
  std::vector<std::string> words = request::split_any(name, "-");
  std::erase_if(words,
                [](const std::string& word) { return request::to_lower_ascii(word) == "xl"; });
  return request::join(words, "-");
}

}  // namespace acestep::plan
