// A file in memory that libsndfile reads from or writes to.
#pragma once

#include <sndfile.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace acestep::audio {

// Bytes being written; grows as needed.
struct OutputBytes {
  std::vector<std::byte> bytes;
  std::size_t position = 0;
};

// Bytes being read; not owned.
struct InputBytes {
  std::span<const std::byte> bytes;
  std::size_t position = 0;
};

// Callbacks whose user data is an OutputBytes (readable, too: encoders patch their headers).
SF_VIRTUAL_IO output_callbacks();
// Callbacks whose user data is an InputBytes. Writing fails.
SF_VIRTUAL_IO input_callbacks();

struct SndfileCloser {
  void operator()(SNDFILE* file) const { sf_close(file); }
};

}  // namespace acestep::audio
