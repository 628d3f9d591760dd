// Lines of a file or stream as they arrive.
#pragma once

#include <functional>
#include <string>

namespace acestep::batch {

class LineReader final {
 public:
  // descriptor: stays the caller's. name: for messages. while_waiting: called every tenth of a
  // second while nothing arrives; may throw to end the waiting.
  LineReader(int descriptor, std::string name, std::function<void()> while_waiting = {});

  // The next line without its end, cut behind `most` + 1 bytes. False at the end. Throws Error
  // kInput when reading fails.
  bool next(std::string& line, size_t most);

 private:
  bool fill();
  void wait();

  int descriptor_;
  std::string name_;
  std::function<void()> while_waiting_;
  std::string buffer_;
  size_t position_ = 0;
};

}  // namespace acestep::batch
