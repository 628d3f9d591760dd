// A folder for the files of a test, gone afterwards but for what is worth reading.
#pragma once

#include <filesystem>
#include <string>

#include "util/temp_folder.h"

namespace acestep::profile {

class WorkFolder final {
 public:
  // Throws Error kOutput when there is no place for it.
  explicit WorkFolder(const std::string& purpose) : folder_(purpose) {}

  const std::filesystem::path& path() const { return folder_.path(); }

  // A folder below it, made anew and empty.
  std::filesystem::path fresh_folder(const std::string& name) const;

  // Leaves this file, which lies directly in the folder, where it is.
  void keep(const std::filesystem::path& file) { folder_.keep(file); }

 private:
  util::TempFolder folder_;
};

}  // namespace acestep::profile
