// A folder that appears under its name only once it is complete.
#pragma once

#include <filesystem>

#include "util/atomic_file.h"

namespace acestep::pipeline {

// Lies beside its target as `.NAME.part-PID` and goes away with the object unless commit() gave it
// the target's name. Those that killed processes left of the same target are swept first. Failures
// throw Error kOutput naming the path.
class DraftFolder final {
 public:
  // target: must not exist, unless commit() is to replace it.
  explicit DraftFolder(std::filesystem::path target);
  ~DraftFolder();
  DraftFolder(const DraftFolder&) = delete;
  DraftFolder& operator=(const DraftFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // kReplace: an existing target and the draft change places in one step, and the old folder goes
  // away with the object.
  void commit(util::Existing existing = util::Existing::kRefuse);

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;
  int descriptor_ = -1;  // holds the lock that tells others it is in use
};

}  // namespace acestep::pipeline
