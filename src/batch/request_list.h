// The requests of a batch, read one at a time from files of all kinds and from a stream.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "request/document.h"

namespace acestep::batch {

// One request, or why it cannot be one.
struct ListedRequest {
  std::string place;  // "songs.jsonl line 7", "a.json", "a.json request 2"
  std::optional<request::Document> document;
  std::string problem = {};  // where there is no document
};

// .jsonl files hold one JSON object a line (empty lines are skipped), .json files one request or a
// list of them, .toml files one request; "-" is standard input and is read as lines. A line may
// have request::kMaxDocumentBytes.
class RequestList final {
 public:
  // while_waiting: called often while standard input is silent; may throw to end the waiting.
  explicit RequestList(std::vector<std::string> files, std::function<void()> while_waiting = {});
  ~RequestList();

  // The next one, absent at the end. Waits for a line where the input is a stream. Throws Error
  // kInput for a file that cannot be read.
  std::optional<ListedRequest> next();

 private:
  struct Lines;  // a file or stream that is being read line by line

  void open_next_file();
  std::optional<ListedRequest> next_line();
  void read_whole(const std::string& file);

  std::vector<std::string> files_;
  std::function<void()> while_waiting_;
  size_t next_file_ = 0;
  std::vector<ListedRequest> ready_;  // of a whole file, last first
  std::unique_ptr<Lines> lines_;
};

}  // namespace acestep::batch
