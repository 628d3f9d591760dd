#include "weights/stored_zip_writer.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "util/crc32.h"
#include "util/error.h"

namespace acestep::weights {
namespace {

constexpr size_t kAlignmentBytes = 64;
constexpr size_t kLocalBytes = 30;
constexpr size_t kExtraHeadBytes = 4;
constexpr uint64_t kVersionNeeded = 20;

void put(std::string& out, size_t bytes, uint64_t value) {
  for (size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

// Both headers share these fields: flags, method, time, date, CRC and the two lengths.
void put_description(std::string& out, const ZipEntry& entry) {
  put(out, 2, kVersionNeeded);
  put(out, 2, 0);  // flags
  put(out, 2, 0);  // method: stored
  put(out, 4, 0);  // time and date
  put(out, 4, util::crc32(std::as_bytes(std::span(entry.content))));
  put(out, 4, entry.content.size());
  put(out, 4, entry.content.size());
  put(out, 2, entry.name.size());
}

// The extra field "FB" exists to shift the content to the alignment.
size_t padding_bytes(size_t offset, const std::string& name) {
  const size_t content = offset + kLocalBytes + name.size() + kExtraHeadBytes;
  return (kAlignmentBytes - content % kAlignmentBytes) % kAlignmentBytes;
}

void put_local_entry(std::string& out, const ZipEntry& entry) {
  const size_t padding = padding_bytes(out.size(), entry.name);
  out += "PK\x03\x04";
  put_description(out, entry);
  put(out, 2, kExtraHeadBytes + padding);
  out += entry.name + "FB";
  put(out, 2, padding);
  out.append(padding, 'Z');
  out += entry.content;
}

void put_directory_entry(std::string& out, const ZipEntry& entry, size_t offset) {
  out += "PK\x01\x02";
  put(out, 2, 0);  // made by
  put_description(out, entry);
  put(out, 2, 0);  // extra
  put(out, 2, 0);  // comment
  put(out, 2, 0);  // part of the archive
  put(out, 2, 0);  // internal attributes
  put(out, 4, 0);  // external attributes
  put(out, 4, offset);
  out += entry.name;
}

}  // namespace

std::string write_stored_zip(const std::vector<ZipEntry>& entries) {
  std::string out;
  std::string directory;
  for (const ZipEntry& entry : entries) {
    put_directory_entry(directory, entry, out.size());
    put_local_entry(out, entry);
  }
  ACE_CHECK(out.size() < std::numeric_limits<uint32_t>::max());
  const size_t directory_offset = out.size();
  out += directory;
  out += "PK\x05\x06";
  put(out, 4, 0);  // parts of the archive
  put(out, 2, entries.size());
  put(out, 2, entries.size());
  put(out, 4, directory.size());
  put(out, 4, directory_offset);
  put(out, 2, 0);  // comment
  return out;
}

}  // namespace acestep::weights
