// Tensors of torch into a safetensors file.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>

#include "weights/safetensors_writer.h"

namespace acestep::weights {

// Tensors of any device and strides; each is written in its own dtype. Errors as
// write_safetensors().
void write_tensors(const std::filesystem::path& file,
                   const std::map<std::string, at::Tensor>& tensors,
                   const SafetensorsOptions& options = {});

}  // namespace acestep::weights
