#include "hub/http_errors.h"

namespace acestep::hub {
namespace {

constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kRequestTimeout = 408;
constexpr int kTooManyRequests = 429;
constexpr int kServerErrors = 500;

std::string status_hint(int status, const Access& access, Source source, const std::string& repo) {
  const std::string page = access.endpoint(source) + "/" + repo;
  if (status == kUnauthorized) {
    return access.token.empty()
               ? "The hub wants to know who you are: set HF_TOKEN to a token with "
                 "read access."
               : "HF_TOKEN is not accepted: check that it is whole, has read access "
                 "and has not expired.";
  }
  if (status == kForbidden) {
    return "Open " + page + " with your account, accept its terms, and set HF_TOKEN." +
           (access.token.empty() ? "" : " The token in HF_TOKEN may not read it.");
  }
  if (status == kNotFound) {
    return "It may have moved: see " + page +
           ", or choose another hub with --source or "
           "HF_ENDPOINT.";
  }
  if (status == kTooManyRequests) return "The hub asks to slow down: try again in some minutes.";
  if (status >= kServerErrors) return "The hub has a fault: try again later, or another --source.";
  return "Try again later, or another hub with --source.";
}

}  // namespace

bool may_retry(const HttpReply& reply) {
  if (reply.outcome == HttpOutcome::kRefused) return false;
  if (reply.outcome != HttpOutcome::kWhole) return true;
  const int status = reply.head.status;
  return status < 400 || status == kRequestTimeout || status == kTooManyRequests ||
         status >= kServerErrors;
}

Error reply_error(const HttpReply& reply, const Access& access, Source source,
                  const std::string& repo, const std::string& what) {
  const std::string& endpoint = access.endpoint(source);
  if (reply.outcome == HttpOutcome::kUnreachable) {
    return Error(ErrorCode::kModel, endpoint + " cannot be reached: " + reply.why,
                 "Check the network; behind a proxy set https_proxy; a mirror is named by "
                 "HF_ENDPOINT. Without a network, fetch on another machine what acestep models "
                 "plan-download lists.");
  }
  if (reply.outcome == HttpOutcome::kRefused) {
    return Error(ErrorCode::kModel, endpoint + ": " + what + ": " + reply.why,
                 "Where a proxy signs for other sites, name its certificate in SSL_CERT_FILE; else "
                 "choose another hub with --source or HF_ENDPOINT.");
  }
  if (reply.outcome == HttpOutcome::kBroken) {
    return Error(ErrorCode::kModel, endpoint + ": " + what + ": " + reply.why,
                 "Run again: the download goes on where it stopped.");
  }
  const int status = reply.head.status;
  return Error(ErrorCode::kModel,
               endpoint + ": " + what + ": the hub answers " + std::to_string(status),
               status_hint(status, access, source, repo));
}

}  // namespace acestep::hub
