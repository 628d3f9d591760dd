#include "util/atomic_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>
#include <string>
#include <system_error>
#include <utility>

#include "util/error.h"

namespace acestep::util {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPartMark = ".part-";
constexpr mode_t kFileMode = 0666;  // less the user's umask
// A file name may have 255 bytes on Linux; the sibling adds 15 to what it takes from the name.
constexpr size_t kMaxNameBytes = 200;
constexpr int kMaxAttempts = 100;

fs::path folder_of(const fs::path& target) {
  return target.has_parent_path() ? target.parent_path() : fs::path(".");
}

fs::path random_part_path(const fs::path& target) {
  std::random_device random;
  char suffix[9];
  std::snprintf(suffix, sizeof suffix, "%08x", static_cast<unsigned>(random()));
  const std::string name = target.filename().string().substr(0, kMaxNameBytes);
  return folder_of(target) / ("." + name + std::string(kPartMark) + suffix);
}

// The lock tells remove_abandoned_parts() that the file is in use; file systems without locks do
// without. False when that function removed the file between its creation and the lock.
bool hold(int descriptor) {
  ::flock(descriptor, LOCK_EX);
  struct stat status = {};
  return ::fstat(descriptor, &status) == 0 && status.st_nlink > 0;
}

// Makes the rename itself durable. Some network file systems cannot; the file is whole all the
// same.
void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

AtomicFile::AtomicFile(fs::path target, Existing existing)
    : target_(std::move(target)), existing_(existing) {
  std::error_code error;
  if (existing_ == Existing::kRefuse &&
      fs::symlink_status(target_, error).type() != fs::file_type::not_found) {
    fail("", EEXIST);
  }
  if (fs::is_directory(target_, error)) fail("", EISDIR);
  open_part();
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::fail(const std::string& what, int error_number) const {
  std::string message = target_.string() + ": cannot be written";
  if (!what.empty()) message += " (" + what + ")";
  message += ": " + std::generic_category().message(error_number);
  if (written_bytes_ > 0) message += ", after " + std::to_string(written_bytes_) + " bytes";
  std::string hint = "Choose a folder that exists and that you may write to.";
  if (error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG) {
    hint = "Free some space, or choose a folder on another disk.";
  } else if (error_number == EEXIST) {
    hint = "Choose another name, or allow replacing it with --force.";
  }
  throw Error(ErrorCode::kOutput, message, hint);
}

void AtomicFile::open_part() {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    part_path_ = random_part_path(target_);
    descriptor_ = ::open(part_path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode);
    if (descriptor_ < 0 && errno == EEXIST) continue;
    if (descriptor_ < 0) fail("opening", errno);
    if (hold(descriptor_)) return;
    ::close(std::exchange(descriptor_, -1));
  }
  fail("opening", EEXIST);
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  ACE_CHECK(descriptor_ >= 0);
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("writing", errno);
    written_bytes_ += static_cast<uint64_t>(count);
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
}

void AtomicFile::write(std::string_view bytes) { write(std::as_bytes(std::span(bytes))); }

void AtomicFile::commit() {
  ACE_CHECK(descriptor_ >= 0);
  // EINVAL: a file system without fsync.
  if (::fsync(descriptor_) != 0 && errno != EINVAL) fail("flushing", errno);
  rename_part();
  // From here on the part's name belongs to no one: nothing is left to discard.
  if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) fail("closing", errno);
  sync_folder(folder_of(target_));
}

void AtomicFile::rename_part() {
  if (existing_ == Existing::kRefuse) {
    if (::renameat2(AT_FDCWD, part_path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) ==
        0) {
      return;
    }
    // EINVAL: a file system that cannot refuse by itself, so ask first.
    if (errno != EINVAL && errno != ENOSYS) fail("renaming", errno);
    if (::access(target_.c_str(), F_OK) == 0) fail("renaming", EEXIST);
  }
  if (::rename(part_path_.c_str(), target_.c_str()) != 0) fail("renaming", errno);
}

void AtomicFile::discard() noexcept {
  if (descriptor_ < 0) return;
  ::unlink(part_path_.c_str());
  ::close(std::exchange(descriptor_, -1));
}

void write_atomically(const fs::path& target, std::string_view bytes, Existing existing) {
  AtomicFile file(target, existing);
  file.write(bytes);
  file.commit();
}

int remove_abandoned_parts(const fs::path& folder) {
  int removed = 0;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.') || name.find(kPartMark) == std::string::npos) continue;
    const int descriptor =
        ::open(entry.path().c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) continue;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && ::unlink(entry.path().c_str()) == 0)
      ++removed;
    ::close(descriptor);
  }
  return removed;
}

}  // namespace acestep::util
