// Puts a model repository onto the loopback server, listed as both hubs list theirs.
#pragma once

#include <string>
#include <vector>

#include "unit/hub/loopback_server.h"

namespace acestep::testing {

struct PublishedFile {
  std::string path;  // within the repository
  std::string content;
  bool is_lfs = false;  // listed with its SHA-256, else with git's digest
};

// Hugging Face: /api/models/REPO/tree/main?recursive=true and /REPO/resolve/main/PATH;
// ModelScope: /api/v1/models/REPO/repo/files?… and /api/v1/models/REPO/repo?…&FilePath=PATH.
void publish(LoopbackServer& server, const std::string& repo,
             const std::vector<PublishedFile>& files);

// The list alone.
std::string huggingface_list(const std::vector<PublishedFile>& files);
std::string modelscope_list(const std::vector<PublishedFile>& files);

// The path of a file on the Hugging Face side.
std::string huggingface_path(const std::string& repo, const std::string& path);

// `bytes` bytes that depend on the seed only.
std::string noise(size_t bytes, uint64_t seed);

}  // namespace acestep::testing
