// A zip archive of uncompressed entries, laid out as torch.save does.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace acestep::weights {

struct ZipEntry {
  std::string name;
  std::string content;
};

// The archive's bytes. Contents begin at multiples of 64 bytes, dates are zero. Less than 4 GiB.
std::string write_stored_zip(const std::vector<ZipEntry>& entries);

}  // namespace acestep::weights
