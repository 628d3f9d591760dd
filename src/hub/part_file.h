// The unfinished file of a download: kept from run to run under a name that tells its content's
// digest, owned by one process at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace acestep::hub {

// `NAME.DIGEST8.part` beside `target`, locked. Where it is in use by someone else, or the file
// system has no locks, a file of this object's own, `.NAME.part-XXXXXXXX`, which goes away with the
// object. Failures throw Error kOutput naming the path and the cause. Not thread-safe.
class PartFile final {
 public:
  // digest: of the whole content; its first 8 digits mark the file. Empty: nothing can be resumed,
  // so the file is private.
  PartFile(std::filesystem::path target, const std::string& digest);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  // Bytes in the file, those of earlier runs included.
  uint64_t bytes() const { return bytes_; }
  // Lost with the object: another process holds the resumable file.
  bool is_private() const { return is_private_; }
  const std::filesystem::path& path() const { return path_; }

  void append(std::span<const std::byte> bytes);
  // Back to `bytes` bytes, at most what there are.
  void shorten(uint64_t bytes);
  // Flushes to the disk and takes the target's name, replacing what has it. Nothing else may be
  // called afterwards.
  void commit();
  // Removes the file: its content is wrong. Nothing else may be called afterwards.
  void discard();

  // Where the resumable file of this target would be.
  static std::filesystem::path path_for(const std::filesystem::path& target,
                                        const std::string& digest);

 private:
  [[noreturn]] void fail(const std::string& what, int error_number) const;
  bool open_shared(const std::string& digest);
  void open_private();

  std::filesystem::path target_;
  std::filesystem::path path_;
  int descriptor_ = -1;
  uint64_t bytes_ = 0;
  bool is_private_ = false;
};

}  // namespace acestep::hub
