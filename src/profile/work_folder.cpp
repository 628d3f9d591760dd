#include "profile/work_folder.h"

#include <system_error>

#include "util/error.h"

namespace acestep::profile {
namespace fs = std::filesystem;

fs::path WorkFolder::fresh_folder(const std::string& name) const {
  const fs::path folder = path() / name;
  std::error_code error;
  fs::remove_all(folder, error);
  if (!error) fs::create_directory(folder, error);
  if (!error) return folder;
  throw Error(ErrorCode::kOutput, folder.string() + " cannot be made: " + error.message(),
              "set TMPDIR to another folder");
}

}  // namespace acestep::profile
