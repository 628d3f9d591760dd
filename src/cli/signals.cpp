#include "cli/signals.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "util/error.h"

namespace acestep::cli {
namespace {

// A signal handler has no other way to find its token.
std::atomic<util::StopToken*> watched_token = nullptr;

extern "C" void ask_to_stop(int signal) {
  util::StopToken* token = watched_token.load();
  const bool is_second = token == nullptr || token->is_stopped();
  const bool is_interrupt = signal == SIGINT;
  if (is_second) {
    _exit(static_cast<int>(is_interrupt ? ErrorCode::kInterrupted : ErrorCode::kTerminated));
  }
  token->request(is_interrupt ? util::StopReason::kInterrupt : util::StopReason::kTerminate);
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(signal, &action, nullptr);
}

}  // namespace

SignalGuard::SignalGuard(util::StopToken& token) : outer_(watched_token.exchange(&token)) {
  handle(SIGINT, ask_to_stop);
  handle(SIGTERM, ask_to_stop);
  // A full pipe or a file size limit is an error of the write, not of the process.
  handle(SIGPIPE, SIG_IGN);
  handle(SIGXFSZ, SIG_IGN);
}

SignalGuard::~SignalGuard() {
  if (outer_ == nullptr) {
    handle(SIGINT, SIG_DFL);
    handle(SIGTERM, SIG_DFL);
  }
  watched_token = outer_;
}

}  // namespace acestep::cli
