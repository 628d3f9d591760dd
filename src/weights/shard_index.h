// The list of shard files in a *.safetensors.index.json, which may only name files that lie beside
// it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace acestep::weights {

struct ShardIndex {
  std::map<std::string, std::string> file_of_tensor;  // tensor name -> shard file name
  std::vector<std::string> files;                     // sorted, each once
};

// Throws Error kModel naming the index, and the tensor where one is at fault, when it is not the
// published layout, lists a tensor twice, or names anything but a regular file beside the index: in
// its folder or, where the index is a link into a download cache, beside what it links to.
ShardIndex read_shard_index(const std::filesystem::path& index_file);

}  // namespace acestep::weights
