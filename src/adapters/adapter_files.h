// Where the files of an adapter are, whatever program wrote them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace acestep::adapters {

struct AdapterFiles {
  std::filesystem::path weights;  // a safetensors file
  std::filesystem::path config;   // PEFT's adapter_config.json; empty: there is none
};

// The last word of its path: "singer.safetensors", "final".
std::string adapter_name(const std::filesystem::path& adapter);

// What `wanted` names: a file or folder, else one in `adapter_dir`, where ".safetensors" may be
// left out. Throws Error kInput with the nearest name.
std::filesystem::path find_adapter(const std::string& wanted,
                                   const std::filesystem::path& adapter_dir);

// The files and folders in `adapter_dir` that look like adapters, by name; none where it is absent.
std::vector<std::filesystem::path> adapters_in(const std::filesystem::path& adapter_dir);

// A safetensors file itself; of a folder adapter_model.safetensors beside adapter_config.json, else
// lokr_weights.safetensors, else its only safetensors file. The reference's trainer writes the
// folder "adapter" within the one it names: it is found there, too. Throws Error kInput.
AdapterFiles adapter_files(const std::filesystem::path& adapter);

}  // namespace acestep::adapters
