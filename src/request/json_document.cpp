#include "request/json_document.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

#include "util/error.h"
#include "util/strict_json.h"

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
  constexpr util::JsonLimits kLimits = {.max_bytes = kMaxDocumentBytes, .max_depth = kMaxJsonDepth};
  return util::parse_json(text, name, kLimits, ErrorCode::kUsage);
}

}  // namespace acestep::request
