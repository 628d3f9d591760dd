// One HTTP GET at a time through libcurl, with limits on everything a server could draw out.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "hub/http_head.h"
#include "util/stop_token.h"

namespace acestep::hub {

struct HttpLimits {
  std::chrono::seconds connect{20};  // until the connection stands, encryption included
  std::chrono::seconds stall{30};    // below 100 bytes a second
  int redirects = 10;
};

struct HttpRequest {
  std::string url;    // http or https; from https no redirect leads to http
  std::string token;  // goes to the URL's own host only, not to where it redirects; may be empty
  uint64_t first_byte = 0;  // > 0: asks for the rest from there on
};

enum class HttpOutcome {
  kWhole,        // the answer came to its end, whatever its status
  kBroken,       // it did not: cut, stalled, reset; trying again may help
  kUnreachable,  // no answer at all: name not found, connection refused, proxy
  kRefused,      // trying again cannot help: bad certificate, redirects in circles
  kDeclined,     // the sink wanted no more
};

struct HttpReply {
  HttpOutcome outcome = HttpOutcome::kWhole;
  HttpHead head;    // of the last answer; status 0 when none came
  std::string why;  // unless kWhole: libcurl's words
};

// Gets the body of an answer with a status of 200 or 206, piece by piece. False ends the transfer.
using BodySink = std::function<bool(const HttpHead& head, std::span<const std::byte> bytes)>;

// Keeps its connection for the next request. Proxies are those of http_proxy, https_proxy,
// all_proxy and no_proxy. Not thread-safe.
class HttpClient final {
 public:
  // certificates: a file of trusted roots; empty: the system's.
  explicit HttpClient(const HttpLimits& limits = {}, const std::string& certificates = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Throws what the sink throws and, within a second of being asked to stop, the stop's Error.
  HttpReply get(const HttpRequest& request, const BodySink& sink, const util::StopToken& stop);

  // Any server has answered to any request so far.
  bool has_answered() const { return has_answered_; }

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
  bool has_answered_ = false;
};

}  // namespace acestep::hub
