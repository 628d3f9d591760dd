// A file that appears under its name only once it is complete.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace acestep::util {

enum class Existing { kRefuse, kReplace };

// What --force decides.
constexpr Existing existing_if(bool may_replace) {
  return may_replace ? Existing::kReplace : Existing::kRefuse;
}

// Writes to a hidden sibling `.NAME.part-XXXXXXXX` and renames it in commit(); without commit() the
// sibling is removed. Every failure throws Error kOutput naming the path, the cause and the bytes
// written so far. Not thread-safe; any number of processes may write the same name.
class AtomicFile final {
 public:
  // Throws at once when `target` exists and must not be replaced.
  explicit AtomicFile(std::filesystem::path target, Existing existing = Existing::kRefuse);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view bytes);

  // For libraries that write by themselves: the sibling's path and its open descriptor. Their
  // errors are theirs to report.
  const std::filesystem::path& part_path() const { return part_path_; }
  int descriptor() const { return descriptor_; }

  // Flushes to the disk and renames. Throws when the target appeared meanwhile and must stay.
  void commit();

 private:
  [[noreturn]] void fail(const std::string& what, int error_number) const;
  void open_part();
  void rename_part();
  void discard() noexcept;

  std::filesystem::path target_;
  std::filesystem::path part_path_;
  Existing existing_;
  int descriptor_ = -1;
  uint64_t written_bytes_ = 0;
};

// write + commit in one call.
void write_atomically(const std::filesystem::path& target, std::string_view bytes,
                      Existing existing = Existing::kRefuse);

// Removes the `.*.part-*` files in `folder` that killed processes left behind: those that no living
// process holds. Returns how many.
int remove_abandoned_parts(const std::filesystem::path& folder);

}  // namespace acestep::util
