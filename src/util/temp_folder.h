// A folder for temporary files that goes away with its owner.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace acestep::util {

class TempFolder final {
 public:
  // Makes PURPOSE-XXXXXX, readable by this user alone, in TMPDIR or else /tmp. Throws Error kOutput
  // when there is no place for it.
  explicit TempFolder(const std::string& purpose);
  // Removes it with all that is in it but for what is kept.
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // Leaves this file, which lies directly in the folder, where it is.
  void keep(const std::filesystem::path& file) { kept_.insert(file); }

 private:
  std::filesystem::path path_;
  std::set<std::filesystem::path> kept_;
};

}  // namespace acestep::util
