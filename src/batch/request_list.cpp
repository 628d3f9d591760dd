#include "batch/request_list.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>

#include "request/json_document.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::batch {
namespace {

// A text as a request; its mistakes stay with it.
template <typename Read>
ListedRequest listed(const std::string& place, Read read) {
  try {
    return {place, read()};
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUsage) throw;
    return {place, std::nullopt, error.message()};
  }
}

// Without the line's end; false at the end of the stream. `line` is cut behind `most` bytes.
bool read_line(std::istream& stream, std::string& line, size_t most) {
  line.clear();
  char c = 0;
  bool has_any = false;
  while (stream.get(c)) {
    has_any = true;
    if (c == '\n') return true;
    if (line.size() <= most) line.push_back(c);
  }
  return has_any;
}

bool is_line_file(const std::string& file) {
  const std::string name = request::to_lower_ascii(file);
  return file == "-" || name.ends_with(".jsonl") || name.ends_with(".ndjson");
}

}  // namespace

RequestList::RequestList(std::vector<std::string> files) : files_(std::move(files)) {}

RequestList::~RequestList() = default;

std::optional<ListedRequest> RequestList::next() {
  while (true) {
    if (!ready_.empty()) {
      ListedRequest request = std::move(ready_.back());
      ready_.pop_back();
      return request;
    }
    if (lines_ != nullptr) {
      if (auto request = next_line()) return request;
      lines_ = nullptr;
    }
    if (next_file_ == files_.size()) return std::nullopt;
    open_next_file();
  }
}

void RequestList::open_next_file() {
  const std::string& file = files_[next_file_++];
  if (!is_line_file(file)) return read_whole(file);
  line_ = 0;
  if (file == "-") {
    lines_name_ = "standard input";
    lines_ = &std::cin;
    return;
  }
  std::error_code error;
  file_ = std::make_unique<std::ifstream>(file, std::ios::binary);
  if (!*file_ || std::filesystem::is_directory(file, error)) {
    throw Error(ErrorCode::kInput, file + ": " + (*file_ ? "is a folder" : std::strerror(errno)));
  }
  lines_name_ = file;
  lines_ = file_.get();
}

std::optional<ListedRequest> RequestList::next_line() {
  std::string line;
  while (read_line(*lines_, line, request::kMaxDocumentBytes)) {
    const std::string place = lines_name_ + " line " + std::to_string(++line_);
    if (request::trim(line).empty()) continue;
    return listed(place, [&] {
      if (line.size() > request::kMaxDocumentBytes) {
        throw Error(ErrorCode::kUsage, place + ": longer than " +
                                           std::to_string(request::kMaxDocumentBytes) + " bytes");
      }
      return request::read_request_json(line, place);
    });
  }
  return std::nullopt;
}

void RequestList::read_whole(const std::string& file) {
  const std::string text = request::read_document(file);
  if (!request::trim(text).starts_with('[') || file.ends_with(".toml")) {
    ready_.push_back(listed(file, [&] { return request::read_request(text, file); }));
    return;
  }
  const nlohmann::json list = request::parse_json(text, file);
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string place = file + " request " + std::to_string(i + 1);
    ready_.push_back(
        listed(place, [&] { return request::read_request_json(list[i].dump(), place); }));
  }
  std::reverse(ready_.begin(), ready_.end());
}

}  // namespace acestep::batch
