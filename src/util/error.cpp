#include "util/error.h"

#include <filesystem>
#include <utility>

namespace acestep {
namespace {

std::string join(const std::string& message, const std::string& hint) {
  return hint.empty() ? message : message + " (" + hint + ")";
}

}  // namespace

Error::Error(ErrorCode code, std::string message, std::string hint)
    : std::runtime_error(join(message, hint)),
      code_(code),
      message_(std::move(message)),
      hint_(std::move(hint)) {}

void fail_check(const char* condition, const char* file, int line) {
  throw Error(ErrorCode::kInternal,
              "internal check failed: " + std::string(condition) + " at " +
                  std::filesystem::path(file).filename().string() + ":" + std::to_string(line),
              "please report this with the command you ran");
}

}  // namespace acestep
