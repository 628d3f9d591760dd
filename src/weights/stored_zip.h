// The uncompressed entries of a zip archive, as torch.save writes it.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>

namespace acestep::weights {

// Entry name -> its bytes, a view into `archive`.
using ZipEntries = std::map<std::string, std::span<const std::byte>>;

// Throws Error kModel naming the file and the entry unless every entry is stored (not compressed,
// not encrypted), inside the archive, listed once and true to its CRC. Archives of more than 64
// entries, in several parts or with a comment are refused.
ZipEntries read_stored_zip(std::span<const std::byte> archive, const std::string& file_name);

}  // namespace acestep::weights
