#include "util/strict_json.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <vector>

#include "util/mapped_file.h"
#include "util/quoted_text.h"

namespace acestep::util {
namespace {

using nlohmann::json;

// Watches a parse: nlohmann_json keeps the last of two equal keys and nests without a limit.
class Watcher final {
 public:
  Watcher(const std::string& name, int max_depth, ErrorCode on_failure)
      : name_(name), max_depth_(max_depth), on_failure_(on_failure) {}

  bool operator()(int depth, json::parse_event_t event, const json& value) {
    if (depth > max_depth_) {
      throw Error(on_failure_,
                  name_ + ": nested deeper than " + std::to_string(max_depth_) + " levels");
    }
    if (event == json::parse_event_t::object_start) open_objects_.emplace_back();
    if (event == json::parse_event_t::object_end) open_objects_.pop_back();
    if (event == json::parse_event_t::key) note_key(value.get_ref<const std::string&>());
    return true;
  }

 private:
  void note_key(const std::string& key) {
    if (open_objects_.back().insert(key).second) return;
    throw Error(on_failure_, name_ + ": key " + in_quotes(key) + " is given twice");
  }

  const std::string& name_;
  int max_depth_;
  ErrorCode on_failure_;
  std::vector<std::unordered_set<std::string>> open_objects_;
};

// nlohmann's text without its "[json.exception.parse_error.101] ".
std::string reason_of(const json::exception& error) {
  std::string reason = error.what();
  if (const size_t end = reason.find("] "); end != std::string::npos) reason.erase(0, end + 2);
  return reason;
}

}  // namespace

json parse_json(std::string_view text, const std::string& name, const JsonLimits& limits,
                ErrorCode on_failure) {
  const auto fail = [&](const std::string& what) { throw Error(on_failure, name + ": " + what); };
  if (text.size() > limits.max_bytes) {
    fail("has " + std::to_string(text.size()) + " bytes, allowed are " +
         std::to_string(limits.max_bytes));
  }
  if (!is_utf8(text)) fail("not valid UTF-8");
  // The parser would take a NUL for the end of the text.
  if (text.find('\0') != std::string_view::npos) fail("holds a NUL byte");
  Watcher watcher(name, limits.max_depth, on_failure);
  try {
    return json::parse(text, std::ref(watcher));
  } catch (const json::exception& error) {
    throw Error(on_failure, name + ": not valid JSON: " + reason_of(error));
  }
}

json read_json_file(const std::filesystem::path& file, const JsonLimits& limits,
                    ErrorCode on_failure) {
  const MappedFile mapped(file, on_failure);
  const std::string_view text(reinterpret_cast<const char*>(mapped.bytes().data()),
                              mapped.bytes().size());
  return parse_json(text, file.string(), limits, on_failure);
}

}  // namespace acestep::util
