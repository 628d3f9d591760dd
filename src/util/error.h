// The one exception type of the program: what went wrong, where, what to do, and the exit code.
#pragma once

#include <stdexcept>
#include <string>

namespace acestep {

// Exit codes of the executable (docs/CLI.md): scripts decide by these, so they never change
// meaning.
enum class ErrorCode : int {
  kInternal = 1,       // a mistake of ours
  kUsage = 2,          // options or request values
  kModel = 3,          // model files missing, incomplete or of the wrong shape
  kInput = 4,          // an input file is missing or unreadable
  kMemory = 5,         // out of memory after every fallback
  kOutput = 6,         // output cannot be written
  kRejected = 7,       // the result has NaN, Inf or is silent
  kSomeFailed = 8,     // a batch finished with failures
  kTimeout = 9,        // cancelled by --generation_timeout
  kResumable = 75,     // stopped early, can be resumed
  kInterrupted = 130,  // SIGINT
  kTerminated = 143,   // SIGTERM
};

class Error final : public std::runtime_error {
 public:
  // message: what happened and where, naming file, field, found and expected; no final newline.
  // hint: what the user can do about it; empty: what helps against every error of this code.
  Error(ErrorCode code, std::string message, std::string hint = {});

  ErrorCode code() const noexcept { return code_; }
  int exit_code() const noexcept { return static_cast<int>(code_); }
  const std::string& message() const noexcept { return message_; }
  const std::string& hint() const noexcept { return hint_; }

 private:
  ErrorCode code_;
  std::string message_;
  std::string hint_;
};

// Throws Error kInternal naming the place; for preconditions of our own code, always on.
[[noreturn]] void fail_check(const char* condition, const char* file, int line);

}  // namespace acestep

#define ACE_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::acestep::fail_check(#condition, __FILE__, __LINE__))
