#include "cli/text_input.h"

#include <filesystem>
#include <optional>

#include "request/json_document.h"
#include "request/request_fields.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

bool names_file(const std::string& text) {
  constexpr size_t kLongestPath = 4096;
  if (text.empty() || text.size() > kLongestPath || text.find('\n') != std::string::npos) {
    return false;
  }
  std::error_code error;
  return std::filesystem::is_regular_file(text, error);
}

std::string checked(std::string text, const std::string& place) {
  if (!request::is_utf8(text)) throw Error(ErrorCode::kUsage, place + ": not valid UTF-8");
  return text;
}

std::string read_text(const std::string& path) {
  return checked(request::read_document(path), path);
}

// The text that `written` stands for; absent: it stands for itself.
std::optional<std::string> text_behind(const std::string& field, const std::string& written,
                                       StandardInput& standard_input) {
  if (written == "-") return checked(standard_input.take("--" + field), "standard input");
  if (!stands_for_file(field, written)) return std::nullopt;
  const bool is_marked = written.size() > 1 && written.front() == '@';
  return read_text(is_marked ? written.substr(1) : written);
}

}  // namespace

std::string StandardInput::take(const std::string& wanted_by) {
  if (!taken_by_.empty()) {
    throw Error(ErrorCode::kUsage,
                wanted_by + " wants standard input, but " + taken_by_ + " has read it already");
  }
  taken_by_ = wanted_by;
  return request::read_standard_input();
}

bool stands_for_file(const std::string& field, const std::string& text) {
  if (!request::field_named(field).takes_files) return false;
  if (text == "-" || (text.size() > 1 && text.front() == '@')) return true;
  return field == "lyrics" && names_file(text);
}

void read_texts(request::Layer& layer, StandardInput& standard_input) {
  for (auto& [name, given] : layer) {
    auto* text = std::get_if<std::string>(&given.value);
    if (text == nullptr || !request::field_named(name).takes_files) continue;
    if (auto behind = text_behind(name, *text, standard_input)) *text = std::move(*behind);
  }
}

}  // namespace acestep::cli
