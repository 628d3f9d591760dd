#include "hub/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>
#include <system_error>
#include <utility>

#include "util/error.h"

namespace acestep::hub {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFileMode = 0666;  // less the user's umask
constexpr size_t kMarkDigits = 8;
constexpr int kMaxAttempts = 100;

// True when the open file is the one that the path names now: not one that its last owner has
// meanwhile renamed or removed.
bool is_still(int descriptor, const fs::path& path) {
  struct stat open_file = {};
  struct stat named_file = {};
  return ::fstat(descriptor, &open_file) == 0 && ::stat(path.c_str(), &named_file) == 0 &&
         open_file.st_ino == named_file.st_ino && open_file.st_dev == named_file.st_dev;
}

uint64_t bytes_of(int descriptor) {
  struct stat status = {};
  return ::fstat(descriptor, &status) == 0 ? static_cast<uint64_t>(status.st_size) : 0;
}

}  // namespace

fs::path PartFile::path_for(const fs::path& target, const std::string& digest) {
  return target.parent_path() /
         (target.filename().string() + "." + digest.substr(0, kMarkDigits) + ".part");
}

PartFile::PartFile(fs::path target, const std::string& digest) : target_(std::move(target)) {
  if (digest.empty() || !open_shared(digest)) open_private();
  bytes_ = bytes_of(descriptor_);
}

PartFile::~PartFile() {
  if (descriptor_ < 0) return;
  if (is_private_) ::unlink(path_.c_str());
  ::close(descriptor_);
}

void PartFile::fail(const std::string& what, int error_number) const {
  const bool is_full = error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG;
  throw Error(ErrorCode::kOutput,
              path_.string() + ": cannot be " + what + ": " +
                  std::generic_category().message(error_number) + ", after " +
                  std::to_string(bytes_) + " bytes",
              is_full ? "Free some space and run again: the download goes on where it stopped."
                      : "Choose a folder that you may write to, with --checkpoint_dir.");
}

// False when someone else holds it.
bool PartFile::open_shared(const std::string& digest) {
  path_ = path_for(target_, digest);
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kFileMode);
    if (descriptor_ < 0) fail("opened", errno);
    const bool is_ours = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
    if (is_ours && is_still(descriptor_, path_)) return true;
    ::close(std::exchange(descriptor_, -1));
    if (!is_ours) return false;
  }
  return false;
}

// Named and locked as util::AtomicFile does, so that util::remove_abandoned_parts() finds it.
void PartFile::open_private() {
  is_private_ = true;
  std::random_device random;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    char suffix[9];
    std::snprintf(suffix, sizeof suffix, "%08x", static_cast<unsigned>(random()));
    std::string name = ".";
    name += target_.filename().string() + ".part-" + suffix;
    path_ = target_.parent_path() / name;
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode);
    if (descriptor_ < 0 && errno == EEXIST) continue;
    if (descriptor_ < 0) fail("opened", errno);
    ::flock(descriptor_, LOCK_EX | LOCK_NB);
    if (is_still(descriptor_, path_)) return;
    ::close(std::exchange(descriptor_, -1));
  }
  fail("opened", EEXIST);
}

void PartFile::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(bytes_));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("written", errno);
    bytes_ += static_cast<uint64_t>(count);
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
}

void PartFile::shorten(uint64_t bytes) {
  ACE_CHECK(bytes <= bytes_);
  if (::ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0) fail("shortened", errno);
  bytes_ = bytes;
}

void PartFile::commit() {
  // EINVAL: a file system without fsync.
  if (::fsync(descriptor_) != 0 && errno != EINVAL) fail("flushed", errno);
  // The rename comes before the lock is let go: whoever waits for it finds another name.
  if (::rename(path_.c_str(), target_.c_str()) != 0) fail("renamed", errno);
  ::close(std::exchange(descriptor_, -1));
}

void PartFile::discard() {
  ::unlink(path_.c_str());
  ::close(std::exchange(descriptor_, -1));
}

}  // namespace acestep::hub
