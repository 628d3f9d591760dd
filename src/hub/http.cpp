#include "hub/http.h"

#include <curl/curl.h>

#include <array>
#include <exception>

#include "hub/access.h"
#include "util/error.h"

namespace acestep::hub {
namespace {

constexpr long kStallBytesPerSecond = 100;  // slower is as good as nothing
constexpr int kStatusWithBody = 200;
constexpr int kStatusWithPart = 206;

// libcurl wants to be initialised once per process, before threads use it.
void prepare_curl() {
  static const CURLcode kPrepared = curl_global_init(CURL_GLOBAL_DEFAULT);
  ACE_CHECK(kPrepared == CURLE_OK);
}

// One request under way. What callbacks throw must not pass through libcurl's C code: it waits
// here.
struct Exchange {
  const BodySink& sink;
  const util::StopToken& stop;
  HttpHead head;
  std::exception_ptr thrown = {};
  bool is_declined = false;
};

size_t on_header(char* line, size_t, size_t bytes, void* user) {
  add_header_line(static_cast<Exchange*>(user)->head, {line, bytes});
  return bytes;
}

size_t on_body(char* data, size_t, size_t bytes, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const int status = exchange.head.status;
  if (status != kStatusWithBody && status != kStatusWithPart) return bytes;
  try {
    exchange.is_declined = !exchange.sink(exchange.head, std::as_bytes(std::span(data, bytes)));
  } catch (...) {
    exchange.thrown = std::current_exception();
  }
  const bool goes_on = !exchange.thrown && !exchange.is_declined;
  return goes_on ? bytes : 0;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Exchange*>(user)->stop.is_stopped() ? 1 : 0;
}

bool is_redirect(int status) { return status >= 300 && status < 400; }

HttpOutcome outcome_of(CURLcode code, int status) {
  switch (code) {
    case CURLE_OK:
      return HttpOutcome::kWhole;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return HttpOutcome::kUnreachable;
    case CURLE_TOO_MANY_REDIRECTS:
    case CURLE_URL_MALFORMAT:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return HttpOutcome::kRefused;
    case CURLE_UNSUPPORTED_PROTOCOL:
      // Without a redirect: an answer that is not HTTP, such as the rest of one before it.
      return is_redirect(status) ? HttpOutcome::kRefused : HttpOutcome::kBroken;
    case CURLE_OPERATION_TIMEDOUT:
      return status == 0 ? HttpOutcome::kUnreachable : HttpOutcome::kBroken;
    default:
      return HttpOutcome::kBroken;
  }
}

}  // namespace

struct HttpClient::Handle {
  CURL* curl = nullptr;
  std::array<char, CURL_ERROR_SIZE> message{};

  template <typename Value>
  void set(CURLoption option, Value value) const {
    ACE_CHECK(curl_easy_setopt(curl, option, value) == CURLE_OK);
  }
};

HttpClient::HttpClient(const HttpLimits& limits, const std::string& certificates)
    : handle_(std::make_unique<Handle>()) {
  prepare_curl();
  handle_->curl = curl_easy_init();
  ACE_CHECK(handle_->curl != nullptr);
  handle_->set(CURLOPT_ERRORBUFFER, handle_->message.data());
  handle_->set(CURLOPT_NOSIGNAL, 1L);
  handle_->set(CURLOPT_USERAGENT, "acestep");
  handle_->set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(limits.connect.count()));
  handle_->set(CURLOPT_LOW_SPEED_LIMIT, kStallBytesPerSecond);
  handle_->set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits.stall.count()));
  handle_->set(CURLOPT_FOLLOWLOCATION, 1L);
  handle_->set(CURLOPT_MAXREDIRS, static_cast<long>(limits.redirects));
  handle_->set(CURLOPT_NOPROGRESS, 0L);
  handle_->set(CURLOPT_HEADERFUNCTION, on_header);
  handle_->set(CURLOPT_WRITEFUNCTION, on_body);
  handle_->set(CURLOPT_XFERINFOFUNCTION, on_progress);
  if (!certificates.empty()) handle_->set(CURLOPT_CAINFO, certificates.c_str());
}

HttpClient::~HttpClient() { curl_easy_cleanup(handle_->curl); }

HttpReply HttpClient::get(const HttpRequest& request, const BodySink& sink,
                          const util::StopToken& stop) {
  stop.throw_if_stopped();
  Exchange exchange{.sink = sink, .stop = stop, .head = {}};
  const bool is_https = origin_of(request.url).starts_with("https://");
  handle_->message[0] = '\0';
  handle_->set(CURLOPT_URL, request.url.c_str());
  handle_->set(CURLOPT_PROTOCOLS_STR, is_https ? "https" : "http,https");
  handle_->set(CURLOPT_REDIR_PROTOCOLS_STR, is_https ? "https" : "http,https");
  handle_->set(CURLOPT_HEADERDATA, &exchange);
  handle_->set(CURLOPT_WRITEDATA, &exchange);
  handle_->set(CURLOPT_XFERINFODATA, &exchange);
  const std::string range =
      request.first_byte > 0 ? std::to_string(request.first_byte) + "-" : std::string();
  handle_->set(CURLOPT_RANGE, range.empty() ? nullptr : range.c_str());
  // A token given this way is dropped by libcurl as soon as a redirect leaves host, port or scheme.
  handle_->set(CURLOPT_HTTPAUTH, request.token.empty() ? CURLAUTH_NONE : CURLAUTH_BEARER);
  handle_->set(CURLOPT_XOAUTH2_BEARER, request.token.empty() ? nullptr : request.token.c_str());

  const CURLcode code = curl_easy_perform(handle_->curl);
  if (exchange.thrown) std::rethrow_exception(exchange.thrown);
  stop.throw_if_stopped();
  has_answered_ = has_answered_ || exchange.head.status != 0;
  HttpReply reply{outcome_of(code, exchange.head.status), exchange.head, {}};
  if (exchange.is_declined) reply.outcome = HttpOutcome::kDeclined;
  if (code != CURLE_OK) {
    const bool has_message = handle_->message[0] != '\0';
    reply.why = has_message ? handle_->message.data() : curl_easy_strerror(code);
  }
  return reply;
}

}  // namespace acestep::hub
