#include "util/temp_folder.h"

#include <cstdlib>
#include <system_error>

#include "util/error.h"

namespace acestep::util {
namespace fs = std::filesystem;

TempFolder::TempFolder(const std::string& purpose) {
  const char* wanted = std::getenv("TMPDIR");
  const fs::path parent = wanted == nullptr || *wanted == '\0' ? "/tmp" : wanted;
  std::string pattern = (parent / (purpose + "-XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw Error(ErrorCode::kOutput, "no folder can be made in " + parent.string() +
                                        " (set TMPDIR to a folder you can write to)");
  }
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;  // nothing to be done about what cannot be removed
  if (kept_.empty()) {
    fs::remove_all(path_, ignored);
    return;
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, ignored)) {
    if (!kept_.contains(entry.path())) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace acestep::util
