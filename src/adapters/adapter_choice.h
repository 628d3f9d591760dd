// Which adapter changes a model, and how much.
#pragma once

#include <filesystem>

namespace acestep::adapters {

struct AdapterChoice {
  std::filesystem::path path;  // of a file or folder that is there (adapter_files.h)
  double scale = 1.0;          // 0: nothing is changed, 1: as it was trained

  bool operator==(const AdapterChoice&) const = default;
};

}  // namespace acestep::adapters
