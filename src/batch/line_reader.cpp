#include "batch/line_reader.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "util/error.h"

namespace acestep::batch {

LineReader::LineReader(int descriptor, std::string name, std::function<void()> while_waiting)
    : descriptor_(descriptor), name_(std::move(name)), while_waiting_(std::move(while_waiting)) {}

bool LineReader::next(std::string& line, size_t most) {
  line.clear();
  bool has_any = false;
  while (position_ < buffer_.size() || fill()) {
    has_any = true;
    const size_t end = buffer_.find('\n', position_);
    const size_t piece = std::min(end, buffer_.size()) - position_;
    line.append(buffer_, position_, std::min(piece, most + 1 - std::min(line.size(), most + 1)));
    position_ += piece;
    if (end == std::string::npos) continue;
    ++position_;
    return true;
  }
  return has_any;
}

// False at the end of the stream.
bool LineReader::fill() {
  constexpr size_t kBlock = size_t{1} << 16U;
  buffer_.resize(kBlock);
  position_ = 0;
  while (true) {
    wait();
    const ssize_t count = ::read(descriptor_, buffer_.data(), buffer_.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(ErrorCode::kInput, name_ + ": " + std::strerror(errno));
    buffer_.resize(static_cast<size_t>(count));
    return count > 0;
  }
}

void LineReader::wait() {
  constexpr int kTenthOfASecondMs = 100;
  if (!while_waiting_) return;
  pollfd waited = {.fd = descriptor_, .events = POLLIN, .revents = 0};
  do {
    while_waiting_();
  } while (::poll(&waited, 1, kTenthOfASecondMs) <= 0);
}

}  // namespace acestep::batch
