// The header of a safetensors file, checked so strictly that every tensor it lists can be read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::weights {

enum class StoredType {
  kBool,
  kU8,
  kI8,
  kF8E4M3,
  kF8E5M2,
  kI16,
  kU16,
  kF16,
  kBF16,
  kI32,
  kU32,
  kF32,
  kI64,
  kU64,
  kF64
};

// "BF16": the format's own spelling.
std::string_view stored_type_name(StoredType type);
uint64_t stored_type_bytes(StoredType type);

struct StoredTensor {
  std::string name;
  StoredType type = StoredType::kF32;
  std::vector<int64_t> shape;
  uint64_t begin = 0;  // bytes from the start of the file
  uint64_t end = 0;    // begin + elements * bytes per element
};

struct SafetensorsHeader {
  std::vector<StoredTensor> tensors;  // in the order of their bytes
  std::map<std::string, std::string> metadata;
};

// Limits of what a header may ask of memory. The format's own cap is the first; the published
// checkpoints have fewer than 1000 tensors of at most 4 dimensions per file.
inline constexpr uint64_t kMaxHeaderBytes = 100'000'000;
inline constexpr size_t kMaxTensors = 100'000;
inline constexpr size_t kMaxRank = 8;

// file: the whole file. file_name: what messages call it.
// Throws Error kModel naming the file, and the tensor where one is at fault, unless: the header
// fits the file; keys are unique; every tensor has a known dtype, a shape and offsets that agree
// with them; and the tensors' bytes fill the rest of the file without gap or overlap.
SafetensorsHeader parse_safetensors(std::span<const std::byte> file, const std::string& file_name);

}  // namespace acestep::weights
