#include "util/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace acestep::util {
namespace {

class Descriptor final {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string system_message() { return std::generic_category().message(errno); }

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path, ErrorCode on_failure) {
  const auto fail = [&](const std::string& what) {
    throw Error(on_failure, path.string() + ": " + what);
  };
  // O_NONBLOCK: opening a pipe must not wait for its writer.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) fail("cannot be opened: " + system_message());
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) fail("cannot be examined: " + system_message());
  if (!S_ISREG(status.st_mode)) fail("is not a regular file");
  if (status.st_size == 0) return;
  const size_t file_bytes = static_cast<size_t>(status.st_size);
  void* address = ::mmap(nullptr, file_bytes, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (address == MAP_FAILED) fail("cannot be mapped: " + system_message());
  bytes_ = {static_cast<const std::byte*>(address), file_bytes};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

void MappedFile::release(uint64_t begin, uint64_t end) const {
  const auto page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  const uint64_t first = (begin + page - 1) / page * page;
  const uint64_t last = std::min<uint64_t>(end, bytes_.size()) / page * page;
  if (first >= last) return;
  // A hint: should it fail, the pages merely stay.
  ::madvise(const_cast<std::byte*>(bytes_.data()) + first, last - first, MADV_DONTNEED);
}

}  // namespace acestep::util
