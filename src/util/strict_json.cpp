#include "util/strict_json.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <vector>

#include "util/mapped_file.h"
#include "util/quoted_text.h"

namespace acestep::util {
namespace {

using nlohmann::json;

// Looks at a text before it is parsed: nlohmann_json keeps the last of two equal keys and nests
// without a limit. (Its parser with a callback takes quadratic time on long lists of objects.)
class Watcher final : public nlohmann::json_sax<json> {
 public:
  Watcher(const std::string& name, int max_depth, ErrorCode on_failure)
      : name_(name), max_depth_(static_cast<size_t>(max_depth)), on_failure_(on_failure) {}

  bool start_object(size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool start_array(size_t) override { return open(); }
  bool end_array() override { return close(); }
  bool key(std::string& key) override {
    if (open_.back().insert(key).second) return true;
    throw Error(on_failure_, name_ + ": key " + in_quotes(key) + " is given twice");
  }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(int64_t) override { return true; }
  bool number_unsigned(uint64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool string(std::string&) override { return true; }
  bool binary(json::binary_t&) override { return true; }
  // The parser itself will say what is wrong.
  bool parse_error(size_t, const std::string&, const json::exception&) override { return false; }

 private:
  bool open() {
    open_.emplace_back();
    if (open_.size() <= max_depth_) return true;
    throw Error(on_failure_,
                name_ + ": nested deeper than " + std::to_string(max_depth_) + " levels");
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  const std::string& name_;
  size_t max_depth_;
  ErrorCode on_failure_;
  std::vector<std::unordered_set<std::string>> open_;  // keys of each open object; none for lists
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
    json::sax_parse(text, &watcher);
    return json::parse(text);
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
