#include "unit/hub/loopback_server.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "unit/hub/loopback_socket.h"

namespace acestep::testing {
namespace {

constexpr int kPollMilliseconds = 20;

std::string value_of(const std::string& head, const std::string& name) {
  const size_t begin = head.find("\r\n" + name);
  if (begin == std::string::npos) return {};
  const size_t value = begin + 2 + name.size();
  return head.substr(value, head.find("\r\n", value) - value);
}

SeenRequest parse(const std::string& head) {
  const size_t begin = head.find(' ') + 1;
  std::string path = head.substr(begin, head.find(' ', begin) - begin);
  // What a client asks a proxy for begins with the host.
  if (path.starts_with("http://")) path.erase(0, path.find('/', 7));
  return {path, value_of(head, "Authorization: Bearer "), value_of(head, "Range: ")};
}

std::string head_of(int status, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) + " As told\r\n" + headers + "\r\n";
}

std::string length_header(int64_t bytes) {
  return "Content-Length: " + std::to_string(bytes) + "\r\n";
}

std::string chunked(std::string_view body) {
  constexpr size_t kChunkBytes = 1000;
  std::string result;
  while (!body.empty()) {
    const std::string_view chunk = body.substr(0, kChunkBytes);
    char size_line[20];
    std::snprintf(size_line, sizeof size_line, "%zx\r\n", chunk.size());
    result += size_line;
    result += chunk;
    result += "\r\n";
    body.remove_prefix(chunk.size());
  }
  return result + "0\r\n\r\n";
}

constexpr std::string_view kRangeUnit = "bytes=";

std::string range_header(size_t begin, size_t content_bytes, const Misdeed& misdeed) {
  const int64_t more = misdeed.kind == Misdeed::Kind::kWrongTotal ? misdeed.number : 0;
  return "Content-Range: bytes " + std::to_string(begin) + "-" + std::to_string(content_bytes - 1) +
         "/" + std::to_string(static_cast<int64_t>(content_bytes) + more) + "\r\n";
}

std::string body_of(std::string body, const Misdeed& misdeed) {
  using Kind = Misdeed::Kind;
  if (misdeed.kind == Kind::kEmpty) body.clear();
  if (misdeed.kind == Kind::kCorrupt && !body.empty()) body[0] = static_cast<char>(body[0] ^ 1);
  if (misdeed.kind == Kind::kExtra) body.append(static_cast<size_t>(misdeed.number), 'x');
  return body;
}

// How the client is to know where the body ends.
std::string framing_headers(const std::string& body, const Misdeed& misdeed) {
  using Kind = Misdeed::Kind;
  if (misdeed.kind == Kind::kChunked) return "Transfer-Encoding: chunked\r\n";
  if (misdeed.kind == Kind::kNoLength) return {};
  const int64_t more = misdeed.kind == Kind::kWrongLength ? misdeed.number : 0;
  return length_header(static_cast<int64_t>(body.size()) + more);
}

}  // namespace

LoopbackServer::LoopbackServer() {
  const Listener listener = listen_on_loopback();
  listener_ = listener.descriptor;
  port_ = listener.port;
  acceptor_ = std::thread([this] { accept_connections(); });
}

LoopbackServer::~LoopbackServer() {
  is_ending_ = true;
  acceptor_.join();
  for (std::thread& worker : workers_) worker.join();
  ::close(listener_);
}

void LoopbackServer::serve(const std::string& path, std::string content, bool is_file) {
  const std::lock_guard lock(mutex_);
  answers_[path] = {std::move(content), "", is_file};
}

void LoopbackServer::add_header(const std::string& path, const std::string& line) {
  const std::lock_guard lock(mutex_);
  answers_[path].headers += line + "\r\n";
}

void LoopbackServer::misbehave(std::vector<Misdeed> misdeeds) {
  const std::lock_guard lock(mutex_);
  misdeeds_.insert(misdeeds_.end(), misdeeds.begin(), misdeeds.end());
}

void LoopbackServer::always_misbehave(Misdeed misdeed) {
  const std::lock_guard lock(mutex_);
  usual_misdeed_ = std::move(misdeed);
}

std::vector<SeenRequest> LoopbackServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

size_t LoopbackServer::file_requests() const {
  const std::lock_guard lock(mutex_);
  return file_requests_;
}

void LoopbackServer::accept_connections() {
  while (!is_ending_) {
    if (!has_input(listener_)) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0)
      workers_.emplace_back([this, connection] { serve_connection(connection); });
  }
}

void LoopbackServer::serve_connection(int connection) {
  std::string received;
  while (!is_ending_) {
    const size_t end = received.find("\r\n\r\n");
    if (end != std::string::npos) {
      const std::string head = received.substr(0, end + 2);
      received.erase(0, end + 4);
      if (!answer_one(connection, head)) break;
      continue;
    }
    if (!has_input(connection)) continue;
    char block[4096];
    const ssize_t count = ::recv(connection, block, sizeof block, 0);
    if (count <= 0) break;
    received.append(block, static_cast<size_t>(count));
  }
  ::close(connection);
}

Misdeed LoopbackServer::next_misdeed(bool is_file) {
  if (!is_file) return {};
  ++file_requests_;
  if (misdeeds_.empty()) return usual_misdeed_;
  Misdeed misdeed = misdeeds_.front();
  misdeeds_.pop_front();
  return misdeed;
}

// False closes the connection.
bool LoopbackServer::answer_one(int connection, const std::string& head) {
  const SeenRequest request = parse(head);
  Answer answer;
  Misdeed misdeed;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    const auto place = answers_.find(request.path);
    if (place == answers_.end()) {
      return send_all(connection, head_of(other_status_, length_header(0)));
    }
    answer = place->second;
    misdeed = next_misdeed(answer.is_file);
  }
  if (misdeed.kind == Misdeed::Kind::kStatus) {
    return send_all(connection, head_of(static_cast<int>(misdeed.number), length_header(0)));
  }
  if (misdeed.kind == Misdeed::Kind::kRedirect) {
    return send_all(connection,
                    head_of(302, "Location: " + misdeed.text + "\r\n" + length_header(0)));
  }
  return send_body(connection, request, answer, misdeed);
}

bool LoopbackServer::send_body(int connection, const SeenRequest& request, const Answer& answer,
                               const Misdeed& misdeed) {
  using Kind = Misdeed::Kind;
  const bool is_part = !request.range.empty() && misdeed.kind != Kind::kIgnoreRange &&
                       misdeed.kind != Kind::kCutFromStart;
  size_t begin = is_part ? std::stoul(request.range.substr(kRangeUnit.size())) : 0;
  if (misdeed.kind == Kind::kWrongRange) begin += static_cast<size_t>(misdeed.number);
  if (is_part && begin >= answer.content.size()) {
    return send_all(connection, head_of(416, length_header(0)));
  }
  std::string headers = answer.headers;
  if (is_part) headers += range_header(begin, answer.content.size(), misdeed);
  std::string body = body_of(answer.content.substr(begin), misdeed);
  headers += framing_headers(body, misdeed);
  if (misdeed.kind == Kind::kChunked) body = chunked(body);
  const bool is_cut = misdeed.kind == Kind::kCut || misdeed.kind == Kind::kCutFromStart ||
                      misdeed.kind == Kind::kStall;
  if (is_cut) body.resize(std::min(body.size(), static_cast<size_t>(misdeed.number)));
  if (!send_all(connection, head_of(is_part ? 206 : 200, headers) + body)) return false;
  while (misdeed.kind == Kind::kStall && !is_ending_) ::poll(nullptr, 0, kPollMilliseconds);
  return misdeed.kind == Kind::kNone || misdeed.kind == Kind::kChunked;
}

}  // namespace acestep::testing
