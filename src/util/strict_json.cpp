#include "util/strict_json.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "util/mapped_file.h"

namespace acestep::util {

nlohmann::json read_json_file(const std::filesystem::path& file, const JsonLimits& limits,
                              ErrorCode on_failure) {
  using nlohmann::json;
  const auto fail = [&](const std::string& what) {
    throw Error(on_failure, file.string() + ": " + what);
  };
  const MappedFile mapped(file, on_failure);
  const std::string_view text(reinterpret_cast<const char*>(mapped.bytes().data()),
                              mapped.bytes().size());
  if (text.size() > limits.max_bytes) {
    fail("has " + std::to_string(text.size()) + " bytes, allowed are " +
         std::to_string(limits.max_bytes));
  }
  // The parser would take a NUL for the end of the text.
  if (text.find('\0') != std::string_view::npos) fail("holds a NUL byte");

  std::vector<std::unordered_set<std::string>> open_objects;
  const auto refuse_excess = [&](int depth, json::parse_event_t event, json& value) {
    if (depth > limits.max_depth) fail("is nested too deeply");
    if (event == json::parse_event_t::object_start) open_objects.emplace_back();
    if (event == json::parse_event_t::object_end) open_objects.pop_back();
    if (event == json::parse_event_t::key) {
      const auto& key = value.get_ref<const std::string&>();
      if (!open_objects.back().insert(key).second) fail("lists '" + key + "' twice");
    }
    return true;
  };
  try {
    return json::parse(text, refuse_excess);
  } catch (const json::parse_error& error) {
    fail("is not valid JSON at byte " + std::to_string(error.byte));
    throw;
  }
}

}  // namespace acestep::util
