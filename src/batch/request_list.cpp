#include "batch/request_list.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "batch/line_reader.h"
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

bool is_line_file(const std::string& file) {
  const std::string name = request::to_lower_ascii(file);
  return file == "-" || name.ends_with(".jsonl") || name.ends_with(".ndjson");
}

}  // namespace

struct RequestList::Lines {
  std::string name;
  int descriptor;
  LineReader reader;
  int64_t line = 0;

  Lines(std::string what, int opened, std::function<void()> while_waiting)
      : name(std::move(what)), descriptor(opened), reader(opened, name, std::move(while_waiting)) {}
  ~Lines() {
    if (descriptor != STDIN_FILENO) ::close(descriptor);
  }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
};

RequestList::RequestList(std::vector<std::string> files, std::function<void()> while_waiting)
    : files_(std::move(files)), while_waiting_(std::move(while_waiting)) {}

RequestList::~RequestList() = default;

std::optional<ListedRequest> RequestList::next() {
  while (true) {
    if (!ready_.empty()) {
      ListedRequest request = std::move(ready_.back());
      ready_.pop_back();
      return request;
    }
    if (lines_) {
      if (auto request = next_line()) return request;
      lines_.reset();
    }
    if (next_file_ == files_.size()) return std::nullopt;
    open_next_file();
  }
}

void RequestList::open_next_file() {
  const std::string& file = files_[next_file_++];
  if (!is_line_file(file)) return read_whole(file);
  if (file == "-") {
    lines_ = std::make_unique<Lines>("standard input", STDIN_FILENO, while_waiting_);
    return;
  }
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw Error(ErrorCode::kInput, file + ": " + std::strerror(errno));
  lines_ = std::make_unique<Lines>(file, descriptor, nullptr);
}

std::optional<ListedRequest> RequestList::next_line() {
  std::string line;
  while (lines_->reader.next(line, request::kMaxDocumentBytes)) {
    const std::string place = lines_->name + " line " + std::to_string(++lines_->line);
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
