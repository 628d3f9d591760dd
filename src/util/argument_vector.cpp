#include "util/argument_vector.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "util/error.h"
#include "util/strict_json.h"

namespace acestep::util {
namespace {

constexpr std::string_view kPlace = "{}";

}  // namespace

ArgumentVector parse_argument_vector(std::string_view text, const std::string& option) {
  const nlohmann::json list = parse_json(text, option, {.max_depth = 1}, ErrorCode::kUsage);
  const bool are_texts =
      list.is_array() && !list.empty() &&
      std::all_of(list.begin(), list.end(), [](const auto& item) { return item.is_string(); });
  if (are_texts && !list.front().get_ref<const std::string&>().empty()) {
    return list.get<ArgumentVector>();
  }
  throw Error(ErrorCode::kUsage, option + ": expected a JSON list of texts, the program first",
              "for example: " + option + R"( '["ffmpeg","-v","error","-i","{}","-f","wav","-"]')");
}

ArgumentVector with_file(ArgumentVector arguments, const std::string& file) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    std::string& text = arguments[i];
    for (std::size_t at = text.find(kPlace); at != std::string::npos;
         at = text.find(kPlace, at + file.size())) {
      text.replace(at, kPlace.size(), file);
    }
  }
  return arguments;
}

bool takes_file(const ArgumentVector& arguments) {
  return std::any_of(
      arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end(),
      [](const std::string& text) { return text.find(kPlace) != std::string::npos; });
}

}  // namespace acestep::util
