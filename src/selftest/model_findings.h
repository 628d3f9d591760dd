// Looks at the model folders that a song would need.
#pragma once

#include <filesystem>
#include <vector>

#include "pipeline/model_folders.h"
#include "selftest/finding.h"

namespace acestep::selftest {

// One finding per model; those that are missing, incomplete or broken are problems with what gets
// them. Reads the headers of their files only.
std::vector<Finding> examine_models(const pipeline::ModelFolders& models,
                                    const std::filesystem::path& checkpoint_dir);

// Bytes of the largest model's weights; 0 without any.
uint64_t largest_model_bytes(const pipeline::ModelFolders& models);

}  // namespace acestep::selftest
