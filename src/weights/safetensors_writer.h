// Writes safetensors files: whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "util/atomic_file.h"
#include "weights/safetensors.h"

namespace acestep::weights {

struct TensorBytes {
  std::string name;
  StoredType type = StoredType::kF32;
  std::vector<int64_t> shape;
  std::span<const std::byte>
      bytes;  // row-major, little-endian, exactly elements * bytes per element
};

// A tensor whose bytes come later.
struct TensorShape {
  std::string name;
  StoredType type = StoredType::kF32;
  std::vector<int64_t> shape;
};

// Of its numbers in a file.
uint64_t bytes_needed(const TensorShape& tensor);

struct SafetensorsOptions {
  std::map<std::string, std::string> metadata;
  util::Existing existing = util::Existing::kRefuse;
};

// Tensors may come in any order; names must differ. The bytes written depend on nothing else.
// Throws Error kOutput naming the path, Error kInternal when bytes and shape disagree or a name
// comes twice.
void write_safetensors(const std::filesystem::path& file, std::vector<TensorBytes> tensors,
                       const SafetensorsOptions& options = {});

// The same file, with each tensor's bytes asked for when its turn comes, so that one of them is in
// memory at a time. The bytes must stay valid until the next call.
using BytesOf = std::function<std::span<const std::byte>(const TensorShape& tensor)>;
void write_safetensors_streamed(const std::filesystem::path& file, std::vector<TensorShape> tensors,
                                const BytesOf& bytes_of, const SafetensorsOptions& options = {});

}  // namespace acestep::weights
