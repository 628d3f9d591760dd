// Adapter files for tests, tensor by tensor.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "weights/safetensors_writer.h"
#include "weights/scalar_type.h"

namespace acestep::adapters::testing {

using Tensors = std::map<std::string, at::Tensor>;

inline std::filesystem::path write_adapter(const std::filesystem::path& file,
                                           const Tensors& tensors,
                                           std::map<std::string, std::string> metadata = {}) {
  std::filesystem::create_directories(file.parent_path());
  std::vector<weights::TensorBytes> bytes;
  for (const auto& [name, tensor] : tensors) {
    bytes.push_back({name,
                     weights::stored_type(tensor.scalar_type()),
                     tensor.sizes().vec(),
                     {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()}});
  }
  weights::write_safetensors(
      file, std::move(bytes),
      {.metadata = std::move(metadata), .existing = util::Existing::kReplace});
  return file;
}

inline std::filesystem::path adapters_folder() {
  return std::filesystem::path(ACESTEP_TEST_DATA) / "adapters";
}

inline std::filesystem::path small_model(const std::string& name) {
  return std::filesystem::path(ACESTEP_TEST_DATA) / "checkpoints" / "e2e" / name;
}

}  // namespace acestep::adapters::testing
