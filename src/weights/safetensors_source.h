// Tensors straight from safetensors files: mapped, never copied.
#pragma once

#include <filesystem>
#include <memory>

#include "weights/tensor_source.h"

namespace acestep::weights {

// One file. Throws Error kModel naming file and tensor when it is missing or malformed.
std::unique_ptr<TensorSource> open_safetensors(const std::filesystem::path& file);

// A model folder of the published layout: model.safetensors, diffusion_pytorch_model.safetensors,
// or the shards listed by <either>.safetensors.index.json, looked for in this order. Throws Error
// kModel when none is there, when a file is malformed, or when the index and its shards disagree.
std::unique_ptr<TensorSource> open_model_folder(const std::filesystem::path& folder);

}  // namespace acestep::weights
