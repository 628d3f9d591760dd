#include "util/error.h"

#include <filesystem>
#include <utility>

namespace acestep {
namespace {

// What helps against every error of a kind; kUsage and the signals say it themselves.
std::string usual_hint(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInternal:
      return "please report this with the command you ran";
    case ErrorCode::kModel:
      return "fetch the model again, or choose the folder that holds it";
    case ErrorCode::kInput:
      return "check the path, and that the file is whole and can be read";
    case ErrorCode::kOutput:
      return "check the folder, its permissions and the free space";
    case ErrorCode::kMemory:
      return "close other programs, or ask for fewer or shorter songs";
    default:
      return {};
  }
}

std::string join(const std::string& message, const std::string& hint) {
  return hint.empty() ? message : message + " (" + hint + ")";
}

}  // namespace

Error::Error(ErrorCode code, std::string message, std::string hint)
    : std::runtime_error(join(message, hint.empty() ? usual_hint(code) : hint)),
      code_(code),
      message_(std::move(message)),
      hint_(hint.empty() ? usual_hint(code) : std::move(hint)) {}

void fail_check(const char* condition, const char* file, int line) {
  throw Error(ErrorCode::kInternal, "internal check failed: " + std::string(condition) + " at " +
                                        std::filesystem::path(file).filename().string() + ":" +
                                        std::to_string(line));
}

}  // namespace acestep
