#include "pipeline/draft_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include "util/error.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;

// What all drafts of a target begin with.
std::string draft_prefix(const fs::path& target) {
  std::string name = ".";
  return name += target.filename().string() + ".part-";
}

int open_folder(const fs::path& path) {
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

// Only those that no living process holds.
void sweep_drafts(const fs::path& target) {
  std::error_code error;
  for (const auto& item : fs::directory_iterator(target.parent_path(), error)) {
    if (!item.path().filename().string().starts_with(draft_prefix(target))) continue;
    const int descriptor = open_folder(item.path());
    if (descriptor < 0) continue;
    std::error_code ignored;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) fs::remove_all(item.path(), ignored);
    ::close(descriptor);
  }
}

[[noreturn]] void fail(const fs::path& path, const std::error_code& error) {
  throw Error(ErrorCode::kOutput, path.string() + ": cannot be written: " + error.message());
}

}  // namespace

DraftFolder::DraftFolder(fs::path target)
    : target_(std::move(target)),
      path_(target_.parent_path() / (draft_prefix(target_) + std::to_string(::getpid()))) {
  sweep_drafts(target_);
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) fail(path_, error);
  descriptor_ = open_folder(path_);
  if (descriptor_ < 0) fail(path_, {errno, std::generic_category()});
  ::flock(descriptor_, LOCK_EX | LOCK_NB);  // file systems without locks do without
}

DraftFolder::~DraftFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
  if (descriptor_ >= 0) ::close(descriptor_);
}

void DraftFolder::commit(util::Existing existing) {
  std::error_code error;
  if (existing == util::Existing::kReplace && fs::exists(target_, error)) {
    const int failed =
        ::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE);
    if (failed != 0) fail(target_, {errno, std::generic_category()});
    return;
  }
  fs::rename(path_, target_, error);
  if (error) fail(path_, error);
  path_.clear();
}

}  // namespace acestep::pipeline
