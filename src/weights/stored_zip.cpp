#include "weights/stored_zip.h"

#include <cstdint>
#include <string_view>

#include "util/crc32.h"
#include "util/error.h"

namespace acestep::weights {
namespace {

// Signatures and record sizes of the zip format (APPNOTE 4.3.7, 4.3.12, 4.3.16).
constexpr uint32_t kLocalSignature = 0x04034B50;
constexpr uint32_t kCentralSignature = 0x02014B50;
constexpr uint32_t kEndSignature = 0x06054B50;
constexpr uint64_t kLocalBytes = 30;
constexpr uint64_t kCentralBytes = 46;
constexpr uint64_t kEndBytes = 22;
constexpr uint64_t kMaxEntries = 64;
constexpr uint64_t kEncryptedFlag = 1;

class Archive final {
 public:
  Archive(std::span<const std::byte> bytes, const std::string& file_name)
      : bytes_(bytes), file_name_(file_name) {}

  ZipEntries read() const {
    const uint64_t end = find_end();
    const uint64_t entries = number<2>(end + 10);
    if (entries != number<2>(end + 8) || number<4>(end + 4) != 0) fail("is split in several parts");
    if (entries > kMaxEntries) fail("has more than " + std::to_string(kMaxEntries) + " entries");
    const uint64_t directory = number<4>(end + 16);
    if (directory > end) fail("has its directory outside the file");
    ZipEntries result;
    uint64_t record = directory;
    for (uint64_t i = 0; i < entries; ++i) record = read_entry(record, directory, result);
    if (record > end || record - directory != number<4>(end + 12)) {
      fail("has a directory of the wrong length");
    }
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kModel, file_name_ + ": the zip archive " + what,
                "The file is damaged or not written by torch.save; fetch it again.");
  }

  std::span<const std::byte> part(uint64_t offset, uint64_t length) const {
    if (offset > bytes_.size() || length > bytes_.size() - offset) fail("is cut short");
    return bytes_.subspan(offset, length);
  }

  // The little-endian number of kBytes bytes at `offset`.
  template <int kBytes>
  uint64_t number(uint64_t offset) const {
    uint64_t value = 0;
    int shift = 0;
    for (const std::byte byte : part(offset, kBytes)) {
      value |= std::to_integer<uint64_t>(byte) << shift;
      shift += 8;
    }
    return value;
  }

  std::string text(uint64_t offset, uint64_t length) const {
    const auto span = part(offset, length);
    return {reinterpret_cast<const char*>(span.data()), span.size()};
  }

  uint64_t find_end() const {
    if (bytes_.size() < kEndBytes) fail("is cut short");
    const uint64_t end = bytes_.size() - kEndBytes;
    if (number<4>(end) != kEndSignature) fail("does not end with its end record");
    return end;
  }

  // Adds the entry that the directory describes at `record`; returns where the next description is.
  uint64_t read_entry(uint64_t record, uint64_t directory, ZipEntries& result) const {
    if (number<4>(record) != kCentralSignature) fail("has a damaged directory");
    const uint64_t name_bytes = number<2>(record + 28);
    const std::string name = text(record + kCentralBytes, name_bytes);
    const std::string subject = "entry '" + name + "' ";
    if ((number<2>(record + 8) & kEncryptedFlag) != 0) fail(subject + "is encrypted");
    const uint64_t length = number<4>(record + 24);
    if (number<2>(record + 10) != 0 || number<4>(record + 20) != length) {
      fail(subject + "is compressed");
    }
    const uint64_t local = number<4>(record + 42);
    if (number<4>(local) != kLocalSignature || number<2>(local + 8) != 0 ||
        text(local + kLocalBytes, number<2>(local + 26)) != name) {
      fail(subject + "does not agree with the directory");
    }
    const uint64_t begin = local + kLocalBytes + number<2>(local + 26) + number<2>(local + 28);
    if (begin > directory || length > directory - begin)
      fail(subject + "is not before the directory");
    const auto content = part(begin, length);
    if (util::crc32(content) != number<4>(record + 16)) fail(subject + "has a wrong checksum");
    if (!result.emplace(name, content).second) fail(subject + "is there twice");
    return record + kCentralBytes + name_bytes + number<2>(record + 30) + number<2>(record + 32);
  }

  std::span<const std::byte> bytes_;
  const std::string& file_name_;
};

}  // namespace

ZipEntries read_stored_zip(std::span<const std::byte> archive, const std::string& file_name) {
  return Archive(archive, file_name).read();
}

}  // namespace acestep::weights
