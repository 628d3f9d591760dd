// The requests of a batch, read one at a time from files of all kinds and from a stream.
#pragma once

#include <fstream>
#include <istream>
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
  explicit RequestList(std::vector<std::string> files);
  ~RequestList();

  // The next one, absent at the end. Waits for a line where the input is a stream. Throws Error
  // kInput for a file that cannot be read.
  std::optional<ListedRequest> next();

 private:
  void open_next_file();
  std::optional<ListedRequest> next_line();
  void read_whole(const std::string& file);

  std::vector<std::string> files_;
  size_t next_file_ = 0;
  std::vector<ListedRequest> ready_;  // of a whole file, last first
  std::unique_ptr<std::ifstream> file_;
  std::istream* lines_ = nullptr;  // what is being read line by line
  std::string lines_name_;
  int64_t line_ = 0;
};

}  // namespace acestep::batch
