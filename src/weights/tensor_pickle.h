// The pickle of one saved tensor, read by its few known instructions: nothing in it is ever
// executed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "weights/safetensors.h"

namespace acestep::weights {

struct PickledTensor {
  StoredType type = StoredType::kF32;  // kF32, kF16 or kBF16
  std::string storage;                 // digits: the archive entry data/<storage>
  int64_t storage_elements = 0;
  int64_t offset = 0;  // elements
  std::vector<int64_t> shape;
  std::vector<int64_t> strides;  // elements, as many as dimensions
};

// Throws Error kModel naming the file when the pickle exceeds 64 KiB, uses any instruction or name
// besides those torch.save writes for one float tensor, or ends in anything but one tensor.
PickledTensor read_tensor_pickle(std::span<const std::byte> pickle, const std::string& file_name);

}  // namespace acestep::weights
