// Ctrl-C and SIGTERM: the first asks for a clean end, the second ends at once.
#pragma once

#include "util/stop_token.h"

namespace acestep::cli {

// While it lives, SIGINT and SIGTERM set the token; a second signal ends the process with 130 or
// 143. The token must outlive it. Within another's scope the inner one's token is set alone.
class SignalGuard final {
 public:
  explicit SignalGuard(util::StopToken& token);
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

 private:
  util::StopToken* outer_;
};

}  // namespace acestep::cli
