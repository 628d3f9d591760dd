#include "request/json_document.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <system_error>
#include <vector>

#include "request/text.h"
#include "util/error.h"

namespace acestep::request {
namespace {

using nlohmann::json;

// Reads at most one byte more than is allowed, so that an endless stream ends.
std::string read_bounded(std::istream& stream, const std::string& name) {
  std::string text;
  char block[1 << 16];
  while (stream.read(block, sizeof block), stream.gcount() > 0) {
    text.append(block, static_cast<size_t>(stream.gcount()));
    if (text.size() > kMaxDocumentBytes) {
      throw Error(ErrorCode::kInput, name + ": longer than " + std::to_string(kMaxDocumentBytes) +
                                         " bytes, the most that is read");
    }
  }
  if (stream.bad()) throw Error(ErrorCode::kInput, name + ": " + std::strerror(errno));
  return text;
}

// Watches a parse: nlohmann_json keeps the last of two equal keys and nests without a limit.
class Watcher {
 public:
  explicit Watcher(const std::string& name) : name_(name) {}

  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    switch (event) {
      case json::parse_event_t::object_start:
        keys_.emplace_back();
        break;
      case json::parse_event_t::object_end:
        keys_.pop_back();
        break;
      case json::parse_event_t::key:
        note_key(parsed.get<std::string>());
        break;
      default:
        break;
    }
    if (depth > kMaxJsonDepth) {
      throw Error(ErrorCode::kUsage,
                  name_ + ": nested deeper than " + std::to_string(kMaxJsonDepth) + " levels");
    }
    return true;
  }

 private:
  void note_key(const std::string& key) {
    if (!keys_.back().insert(key).second) {
      throw Error(ErrorCode::kUsage, name_ + ": key " + in_quotes(key) + " is given twice");
    }
  }

  const std::string& name_;
  std::vector<std::set<std::string>> keys_;
};

// nlohmann's text without its "[json.exception.parse_error.101] " and the last bytes it read.
std::string reason_of(const json::exception& error) {
  std::string reason = error.what();
  if (const size_t end = reason.find("] "); end != std::string::npos) reason.erase(0, end + 2);
  if (!is_utf8(reason)) reason = "not valid UTF-8";
  return reason;
}

}  // namespace

std::string read_document(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw Error(ErrorCode::kInput, path.string() + ": is a folder, expected a file");
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw Error(ErrorCode::kInput, path.string() + ": " + std::strerror(errno));
  return read_bounded(stream, path.string());
}

std::string read_standard_input() { return read_bounded(std::cin, "standard input"); }

json parse_json(std::string_view text, const std::string& name) {
  if (!is_utf8(text)) throw Error(ErrorCode::kUsage, name + ": not valid UTF-8");
  if (text.find('\0') != std::string_view::npos) {  // the parser would take it for the end
    throw Error(ErrorCode::kUsage, name + ": holds a NUL byte");
  }
  Watcher watcher(name);
  try {
    return json::parse(text, std::ref(watcher));
  } catch (const json::exception& error) {
    throw Error(ErrorCode::kUsage, name + ": not valid JSON: " + reason_of(error));
  }
}

}  // namespace acestep::request
