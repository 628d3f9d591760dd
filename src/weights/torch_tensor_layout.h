// Where the numbers of a single saved tensor (*.pt) lie in its file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "weights/safetensors.h"

namespace acestep::weights {

struct TorchTensorLayout {
  StoredType type = StoredType::kF32;  // kF32, kF16 or kBF16, little-endian
  std::vector<int64_t> shape;
  std::span<const std::byte> values;  // row-major, exactly elements * bytes per element
};

// file: the whole file in the zip layout of torch.save (torch 1.6 and later). Throws Error kModel
// naming the file unless it holds one contiguous float tensor and nothing else.
TorchTensorLayout parse_torch_tensor(std::span<const std::byte> file, const std::string& file_name);

}  // namespace acestep::weights
