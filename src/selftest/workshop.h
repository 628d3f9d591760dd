// What checks work with: a folder that goes away, random numbers, and tiny models made when first
// asked for.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "util/temp_folder.h"

namespace acestep::selftest {

class Workshop final {
 public:
  // A file name of its own within the folder; nothing is there yet. Throws Error kOutput when there
  // is no folder for temporary files.
  std::filesystem::path new_path(const std::string& ending);
  // A checkpoint folder of tiny models (src/tiny).
  const std::filesystem::path& tiny_models();

 private:
  std::optional<util::TempFolder> folder_;
  std::filesystem::path tiny_models_;
  int paths_ = 0;
};

// Standard normal float32 numbers, the same for the same seed.
at::Tensor random_tensor(at::IntArrayRef shape, uint64_t seed);

}  // namespace acestep::selftest
