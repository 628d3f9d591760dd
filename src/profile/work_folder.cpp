#include "profile/work_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "util/error.h"

namespace acestep::profile {
namespace fs = std::filesystem;

WorkFolder::WorkFolder(const std::string& prefix) {
  std::string name = (fs::temp_directory_path() / (prefix + "-XXXXXX")).string();
  if (mkdtemp(name.data()) == nullptr) {
    throw Error(ErrorCode::kOutput, name + " cannot be made: " + std::strerror(errno),
                "TMPDIR names another folder for temporary files");
  }
  path_ = name;
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;  // nothing to be done about what cannot be removed
  if (kept_.empty()) {
    fs::remove_all(path_, ignored);
    return;
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, ignored)) {
    if (!kept_.contains(entry.path())) fs::remove_all(entry.path(), ignored);
  }
}

fs::path WorkFolder::fresh_folder(const std::string& name) const {
  const fs::path folder = path_ / name;
  std::error_code error;
  fs::remove_all(folder, error);
  if (!error) fs::create_directory(folder, error);
  if (!error) return folder;
  throw Error(ErrorCode::kOutput, folder.string() + " cannot be made: " + error.message());
}

void WorkFolder::keep(const fs::path& file) { kept_.insert(file); }

}  // namespace acestep::profile
