#include "weights/safetensors_source.h"

#include <ATen/ATen.h>

#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "util/error.h"
#include "util/mapped_file.h"
#include "weights/safetensors.h"
#include "weights/scalar_type.h"
#include "weights/shard_index.h"

namespace acestep::weights {
namespace {

namespace fs = std::filesystem;

// The mapping outlives this source as long as one of its tensors does.
using Mapping = std::shared_ptr<const util::MappedFile>;

class SafetensorsSource final : public TensorSource {
 public:
  explicit SafetensorsSource(std::string description) : description_(std::move(description)) {}

  void add_file(const fs::path& file) {
    const Mapping mapping = std::make_shared<const util::MappedFile>(file, ErrorCode::kModel);
    SafetensorsHeader header = parse_safetensors(mapping->bytes(), file.string());
    for (StoredTensor& stored : header.tensors) {
      Entry entry{{scalar_type(stored.type), std::move(stored.shape)},
                  mapping,
                  file.filename(),
                  stored.begin,
                  stored.end};
      const auto [place, is_new] = entries_.emplace(std::move(stored.name), std::move(entry));
      if (!is_new) {
        throw Error(ErrorCode::kModel,
                    file.string() + ": tensor '" + place->first + "' is also in " +
                        place->second.file.string(),
                    "The shards do not belong together; fetch the model again.");
      }
    }
  }

  // Every tensor in the shard the index says, and none besides.
  void check_against(const ShardIndex& index, const fs::path& index_file) const {
    const auto fail = [&](const std::string& what) {
      throw Error(ErrorCode::kModel, index_file.string() + ": " + what,
                  "The shards do not belong together; fetch the model again.");
    };
    for (const auto& [name, file] : index.file_of_tensor) {
      const auto place = entries_.find(name);
      if (place == entries_.end() || place->second.file != file) {
        fail("tensor '" + name + "' is listed in '" + file + "', but is not there");
      }
    }
    for (const auto& [name, entry] : entries_) {
      if (!index.file_of_tensor.contains(name)) {
        fail("tensor '" + name + "' in '" + entry.file.string() + "' is not listed");
      }
    }
  }

  std::string description() const override { return description_; }

  std::vector<std::string> names() const override {
    std::vector<std::string> result;
    result.reserve(entries_.size());
    for (const auto& [name, entry] : entries_) result.push_back(name);
    return result;
  }

  const TensorInfo* find(std::string_view name) const override {
    const auto place = entries_.find(name);
    return place == entries_.end() ? nullptr : &place->second.info;
  }

  void release(std::string_view name) const override {
    const auto place = entries_.find(name);
    if (place == entries_.end()) return;
    place->second.mapping->release(place->second.begin, place->second.end);
  }

  at::Tensor tensor(std::string_view name) const override {
    const auto place = entries_.find(name);
    if (place == entries_.end()) {
      throw Error(ErrorCode::kModel,
                  description_ + ": tensor '" + std::string(name) + "' is missing");
    }
    const Entry& entry = place->second;
    const auto options = at::TensorOptions().dtype(entry.info.dtype).device(at::kCPU);
    if (entry.begin == entry.end) return at::empty(entry.info.shape, options);
    const std::byte* address = entry.mapping->bytes().data() + entry.begin;
    return is_aligned(address, entry.info.dtype) ? alias(entry, address, options)
                                                 : copy(entry, address, options);
  }

 private:
  struct Entry {
    TensorInfo info;
    Mapping mapping;
    fs::path file;
    uint64_t begin;
    uint64_t end;
  };

  static bool is_aligned(const std::byte* address, at::ScalarType dtype) {
    return reinterpret_cast<uintptr_t>(address) % c10::elementSize(dtype) == 0;
  }

  static at::Tensor alias(const Entry& entry, const std::byte* address,
                          const at::TensorOptions& options) {
    // from_blob takes no const pointer; the pages are read-only and the contract forbids writing.
    return at::from_blob(
        const_cast<std::byte*>(address), entry.info.shape,
        [mapping = entry.mapping](void*) mutable { mapping.reset(); }, options);
  }

  // Only for files of writers that do not pad their header to 8 bytes.
  static at::Tensor copy(const Entry& entry, const std::byte* address,
                         const at::TensorOptions& options) {
    at::Tensor result = at::empty(entry.info.shape, options);
    std::memcpy(result.data_ptr(), address, entry.end - entry.begin);
    return result;
  }

  std::string description_;
  std::map<std::string, Entry, std::less<>> entries_;
};

constexpr std::string_view kStems[] = {"model", "diffusion_pytorch_model"};

}  // namespace

std::unique_ptr<TensorSource> open_safetensors(const fs::path& file) {
  auto source = std::make_unique<SafetensorsSource>(file.string());
  source->add_file(file);
  return source;
}

std::unique_ptr<TensorSource> open_model_folder(const fs::path& folder) {
  for (const std::string_view stem : kStems) {
    const fs::path file = folder / (std::string(stem) + ".safetensors");
    if (fs::exists(file)) return open_safetensors(file);
  }
  for (const std::string_view stem : kStems) {
    const fs::path index_file = folder / (std::string(stem) + ".safetensors.index.json");
    if (!fs::exists(index_file)) continue;
    const ShardIndex index = read_shard_index(index_file);
    auto source = std::make_unique<SafetensorsSource>(folder.string());
    for (const std::string& shard : index.files) source->add_file(folder / shard);
    source->check_against(index, index_file);
    return source;
  }
  throw Error(ErrorCode::kModel,
              folder.string() +
                  ": found no weights, expected model.safetensors, "
                  "diffusion_pytorch_model.safetensors or one of them with .index.json",
              "Fetch the model again, or choose the folder that holds it.");
}

}  // namespace acestep::weights
