// An HTTP/1.1 server on 127.0.0.1 for tests: serves files as a model hub does, and misbehaves when
// told to.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace acestep::testing {

// What the server does instead of answering a request for a file as it should.
struct Misdeed {
  enum class Kind {
    kNone,
    kCut,           // closes the connection after `number` body bytes
    kCutFromStart,  // the same, ignoring any range
    kIgnoreRange,   // 200 and everything, whatever was asked for
    kStatus,        // answers `number` and no body
    kRedirect,      // 302 to `text`
    kWrongLength,   // Content-Length larger by `number` (may be negative) than the body
    kNoLength,      // no Content-Length, ends by closing
    kChunked,       // chunked transfer, no Content-Length
    kCorrupt,       // the first body byte is another
    kStall,         // sends `number` body bytes, then nothing until the server ends
    kEmpty,         // 200 with a body of 0 bytes
    kExtra,         // `number` bytes more than the file has, all declared
    kWrongRange,    // 206 that begins `number` bytes later than asked for
    kWrongTotal,    // 206 whose whole size is larger by `number`
  };
  Kind kind = Kind::kNone;
  int64_t number = 0;
  std::string text = {};
};

struct SeenRequest {
  std::string path;   // with its query
  std::string token;  // of "Authorization: Bearer …"; empty without
  std::string range;  // "bytes=5-"; empty without
};

// Thread-safe. Every connection has a thread of its own, which ends with the server.
class LoopbackServer {
 public:
  LoopbackServer();
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  // "http://127.0.0.1:PORT"
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int port() const { return port_; }

  // What a path (with its query) answers with 200. is_file: misdeeds apply to it.
  void serve(const std::string& path, std::string content, bool is_file = true);
  // A header line added to every answer for this path: "Link: <…>; rel=\"next\"".
  void add_header(const std::string& path, const std::string& line);
  // Any other path answers with this status, 404 unless told.
  void set_other_status(int status) { other_status_ = status; }

  // For the next requests for files, one each, in order.
  void misbehave(std::vector<Misdeed> misdeeds);
  // For every request for a file once the list above is empty.
  void always_misbehave(Misdeed misdeed);

  std::vector<SeenRequest> requests() const;
  // Requests for files.
  size_t file_requests() const;

 private:
  struct Answer {
    std::string content;
    std::string headers;
    bool is_file = true;
  };

  void accept_connections();
  void serve_connection(int connection);
  bool answer_one(int connection, const std::string& head);
  Misdeed next_misdeed(bool is_file);
  bool send_body(int connection, const SeenRequest& request, const Answer& answer,
                 const Misdeed& misdeed);

  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> is_ending_ = false;
  std::atomic<int> other_status_ = 404;
  mutable std::mutex mutex_;
  std::map<std::string, Answer> answers_;
  std::deque<Misdeed> misdeeds_;
  Misdeed usual_misdeed_;
  std::vector<SeenRequest> requests_;
  size_t file_requests_ = 0;
  std::vector<std::thread> workers_;
  std::thread acceptor_;
};

}  // namespace acestep::testing
