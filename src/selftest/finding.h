// What `acestep doctor` finds: one fact about this machine each, and what to do about it.
#pragma once

#include <string>
#include <vector>

namespace acestep::selftest {

enum class Level {
  kOk,
  kWarning,  // songs can be made, but slower, fewer or in fewer formats
  kProblem,  // no song can be made
};

struct Finding {
  Level level = Level::kOk;
  std::string subject;    // "memory"
  std::string fact;       // "23.4 GB, 21.9 GB free"
  std::string cure = {};  // what to do; empty where nothing is wrong
  int exit_code = 0;      // of a problem: what `acestep generate` would end with
};

}  // namespace acestep::selftest
