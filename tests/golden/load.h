// Finds the golden cases below a folder.
#pragma once

#include <filesystem>
#include <vector>

#include "golden/case.h"

namespace acestep::golden {

// What is known of a case before its tensors are read.
struct CaseRef {
  std::string set;
  std::string kind;
  std::string name;
  std::filesystem::path folder;  // the set's folder, or the song's
  std::filesystem::path file;    // may be empty
  std::filesystem::path checkpoints;
  nlohmann::json entry;
};

// Sets are the sub-folders acoustic, lm, e2e and tiers of `golden`; a missing one is skipped.
// Throws std::runtime_error when an index cannot be read.
std::vector<CaseRef> find_cases(const std::filesystem::path& golden,
                                const std::filesystem::path& checkpoints);

Case load_case(const CaseRef& ref);

nlohmann::json read_json(const std::filesystem::path& file);
// All tensors of a safetensors file, copied into memory.
std::map<std::string, at::Tensor> read_tensors(const std::filesystem::path& file);

}  // namespace acestep::golden
