// A folder for the files of a test, gone afterwards but for what is worth reading.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace acestep::profile {

class WorkFolder final {
 public:
  // In the folder of temporary files. Throws Error kOutput naming it.
  explicit WorkFolder(const std::string& prefix);
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // A folder below it, made anew and empty.
  std::filesystem::path fresh_folder(const std::string& name) const;

  // Leaves this file, which lies directly in the folder, where it is.
  void keep(const std::filesystem::path& file);

 private:
  std::filesystem::path path_;
  std::set<std::filesystem::path> kept_;
};

}  // namespace acestep::profile
