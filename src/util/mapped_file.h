// A regular file's bytes, mapped read-only for the lifetime of the object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "util/error.h"

namespace acestep::util {

class MappedFile final {
 public:
  // Throws Error with the code `on_failure` naming the path when it is missing, unreadable or not a
  // regular file. Symbolic links are followed.
  MappedFile(const std::filesystem::path& path, ErrorCode on_failure);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  // Valid while the object lives; empty for an empty file. Whoever truncates the file meanwhile
  // makes later reads fault: our own writers only ever rename a complete file into place.
  std::span<const std::byte> bytes() const { return bytes_; }

  // Takes the whole pages of [begin, end) out of this process's memory; reading them again fetches
  // them from the file.
  void release(uint64_t begin, uint64_t end) const;

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace acestep::util
